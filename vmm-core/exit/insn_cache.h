/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions as they were decoded last. A driver reads and writes its
 * registers by the same few; their bytes say that nothing has changed.
 */
#ifndef VMM_CORE_EXIT_INSN_CACHE_H
#define VMM_CORE_EXIT_INSN_CACHE_H

#include "vmm-core/exit/insn.h"

/* Bytes as insn_cached() takes them, and room for what makes them a key. */
union insn_bytes {
	u8 byte[INSN_BYTES_MAX + 1];
	u64 word[2];
};

/* NULL: insn_decode() knows no such instruction. Good until the next call
 * on this CPU; count bytes of them were fetched at rip. */
const struct insn *insn_cached(union insn_bytes *bytes, size_t count,
			       u8 code_bits, u64 rip);

#endif
