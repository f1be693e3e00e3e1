/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers for names: equal names have one number, whatever VM or address
 * they stand at. KASLR moves addresses, so only names compare between guests
 * and between runs.
 *
 * The index keeps copies: a name lives as long as the index, also when the
 * symbols or processes it came from are gone.
 */
#ifndef EXIT_ANALYZER_STATS_NAME_INDEX_H
#define EXIT_ANALYZER_STATS_NAME_INDEX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct name_index_entry {
	const char *name;
	const char *module;	/* NULL: the kernel itself */
};

struct name_index {
	/* Private Part */
	uint64_t seed;
	struct name_index_entry *entry;
	size_t entries, entries_max;	/* entries_max: a power of two */
	uint32_t *slot;		/* number + 1, 0: free; twice entries_max */
};

/* 0 or -ENOMEM. */
int name_index_init(struct name_index *x);
/* A zeroed struct is fine. */
void name_index_exit(struct name_index *x);
/* The name's number, a new one if it was not known; or -ENOMEM. */
ssize_t name_index_find(struct name_index *x, const char *name,
			const char *module);
/* Returns what name_index_find() gave this number for. */
const struct name_index_entry *name_index_at(const struct name_index *x,
					     size_t number);

#endif
