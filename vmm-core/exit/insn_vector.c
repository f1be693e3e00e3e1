/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loads and stores of XMM registers, in the forms of SSE.
 */
#include "vmm-core/exit/insn_vector.h"

#include "vmm-core/exit/xmm.h"
#include "vmm-core/lib/string.h"

void xmm_load(const struct insn *insn, const union insn_value *memory)
{
	union insn_value value = { .byte = { 0 } };

	if (insn->vector == VECTOR_LOAD_LOW || insn->vector == VECTOR_LOAD_HIGH)
		xmm_read(insn->reg, &value);
	if (insn->vector == VECTOR_LOAD_HIGH)
		value.word[1] = memory->word[0];
	else
		memcpy(value.byte, memory->byte, insn->memory_bytes);
	xmm_write(insn->reg, &value);
}

void xmm_store(const struct insn *insn, union insn_value *memory)
{
	xmm_read(insn->reg, memory);
	if (insn->vector == VECTOR_STORE_HIGH)
		memory->word[0] = memory->word[1];
}
