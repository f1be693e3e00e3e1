/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A few instructions of each physical CPU, which no other touches.
 */
#include "vmm-core/exit/insn_cache.h"

#include "vmm-core/abi/anchor.h"
#include "vmm-core/cpu/cpu.h"

#define CACHE_ENTRIES	8

struct cached {
	union insn_bytes key;	/* all zero: unused */
	struct insn insn;
};

static struct cached cache[ANCHOR_CPUS_MAX][CACHE_ENTRIES];

const struct insn *insn_cached(union insn_bytes *bytes, size_t count,
			       u8 code_bits, u64 rip)
{
	u64 index = (rip ^ rip >> 3) % CACHE_ENTRIES;
	struct cached *c = &cache[this_cpu()->index][index];
	bool whole = count == INSN_BYTES_MAX;

	/* no code has 0 bits, so no key is that of an unused entry */
	bytes->byte[INSN_BYTES_MAX] = code_bits;
	if (likely(whole && !((bytes->word[0] ^ c->key.word[0]) |
			      (bytes->word[1] ^ c->key.word[1]))))
		return &c->insn;
	c->key.word[1] = 0;
	if (!insn_decode(bytes->byte, count, code_bits, &c->insn))
		return NULL;
	if (whole)
		c->key = *bytes;
	return &c->insn;
}
