/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A set of interrupt vectors: one bit for each, as a local APIC keeps them.
 */
#ifndef VMM_CORE_DEV_IRQ_VECTOR_SET_H
#define VMM_CORE_DEV_IRQ_VECTOR_SET_H

#include "vmm-core/lib/types.h"

struct vector_set {
	u64 word[4];
};

static inline void vector_set(struct vector_set *set, u8 vector)
{
	set->word[vector >> 6] |= BIT(vector & 63);
}

static inline void vector_clear(struct vector_set *set, u8 vector)
{
	set->word[vector >> 6] &= ~BIT(vector & 63);
}

static inline bool vector_test(const struct vector_set *set, u8 vector)
{
	return set->word[vector >> 6] >> (vector & 63) & 1;
}

/* The highest vector of the set, -1 if it is empty. */
static inline int vector_highest(const struct vector_set *set)
{
	int i;

	for (i = 3; i >= 0; i--)
		if (set->word[i])
			return i * 64 + 63 - __builtin_clzll(set->word[i]);
	return -1;
}

/* A 32-bit register of the set. */
static inline u32 vector_word(const struct vector_set *set, u32 index)
{
	return (u32)(set->word[index >> 1] >> (index & 1 ? 32 : 0));
}

#endif
