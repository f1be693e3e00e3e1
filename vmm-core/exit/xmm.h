/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's XMM registers. They are in the CPU while its exit is handled:
 * the core itself uses none.
 */
#ifndef VMM_CORE_EXIT_XMM_H
#define VMM_CORE_EXIT_XMM_H

#include "vmm-core/exit/insn_memory.h"

void xmm_read(u8 reg, union insn_value *value);
void xmm_write(u8 reg, const union insn_value *value);

#endif
