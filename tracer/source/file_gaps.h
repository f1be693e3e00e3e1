/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Gaps in the numbers of a CPU's records, and the damage that they are due to.
 */
#ifndef TRACER_SOURCE_FILE_GAPS_H
#define TRACER_SOURCE_FILE_GAPS_H

#include "tracer/source/file_chunks.h"

/* Records of one CPU that are missing between two places of the file. */
struct file_gap {
	uint64_t after_byte, before_byte;
	uint64_t records;
	uint64_t from_tsc, to_tsc;
};

/* Zeroed: there are none. Freed by free(gap). */
struct file_gaps {
	struct file_gap *gap;
	size_t count, room;
};

/* Both return 0 or -ENOMEM. */
int file_gaps_add(struct file_gaps *g, const struct file_gap *gap);
/* Adds what is missing to the damage in l; a gap without any is damage, too. */
int file_gaps_explain(const struct file_gaps *g, struct file_chunks *l);
/* Sorts it by where it begins. */
void file_damage_sort(struct file_chunks *l);

#endif
