/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * KVM's paravirtual EOI, as Linux documents it in "KVM-specific MSRs": the
 * guest ends an interrupt by clearing a flag in its memory. The local APIC
 * sets the flag and finds it cleared (dev/irq/lapic.c).
 */
#ifndef VMM_CORE_PV_PV_EOI_H
#define VMM_CORE_PV_PV_EOI_H

#include "vmm-core/lib/types.h"

struct vcpu;

#define MSR_KVM_PV_EOI		0x4b564d04

/* false: #GP, because it is another MSR, a bad value, or not offered. */
bool pv_eoi_msr_write(struct vcpu *vcpu, u32 index, u64 value);

#endif
