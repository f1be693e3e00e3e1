/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Moves between XMM registers and memory.
 */
#ifndef VMM_CORE_EXIT_INSN_VECTOR_H
#define VMM_CORE_EXIT_INSN_VECTOR_H

#include "vmm-core/exit/insn_memory.h"

/* Sets the register as a load from memory does. */
void xmm_load(const struct insn *insn, const union insn_value *memory);
/* Gives the bytes that a store puts into memory. */
void xmm_store(const struct insn *insn, union insn_value *memory);

#endif
