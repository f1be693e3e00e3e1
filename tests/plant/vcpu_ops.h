/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hypercalls that only the core with tests/plant/vcpu_ops.c has: they do to
 * a vCPU what schedulers and memory managers will do, and no guest can ask.
 */
#ifndef TESTS_PLANT_VCPU_OPS_H
#define TESTS_PLANT_VCPU_OPS_H

#include "vmm-core/abi/hypercall.h"

/* takes away the page at args[0], until it is touched */
#define HC_PLANT_UNMAP	(HC_BASE + 0xf0)
/* lets writes to the page at args[0] exit, once */
#define HC_PLANT_READ_ONLY (HC_BASE + 0xf1)
/* takes the vCPU off its CPU, spoils the registers there, and puts it back */
#define HC_PLANT_SWITCH	(HC_BASE + 0xf2)

#endif
