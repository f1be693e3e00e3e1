/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A trace summed up: exits grouped by any sort keys, TLB flushes by cause and
 * ASID, hypercalls by number, and exactly what was missed. What reports print
 * and what comparisons compare.
 */
#ifndef EXIT_ANALYZER_SUMMARY_H
#define EXIT_ANALYZER_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exit-analyzer/histogram.h"
#include "tracer/symbol/symtab.h"
#include "vmm-core/abi/event.h"
#include "vmm-core/abi/trace_file.h"

/* Sort keys are rows of summary_keys.def: id, --sort spelling, heading. */
enum summary_key {
#define SUMMARY_KEY(NAME, name, heading, help) SUMMARY_KEY_##NAME,
#include "exit-analyzer/summary_keys.def"
	SUMMARY_KEYS
};

struct summary;

struct summary_row {
	/* in the order of the keys given; text for sym, numbers else */
	struct {
		uint64_t number;
		const char *text;	/* NULL: the number is all there is */
		const char *module;	/* sym of a module */
	} key[SUMMARY_KEYS];
	struct histogram handle;	/* handle_cycles */
	uint64_t blocked_cycles;
};

struct summary_tlb_row {
	uint16_t vm, asid;
	uint8_t scope, cause;
	bool guest;
	uint64_t count;
};

struct summary_hypercall_row {
	uint16_t vm;
	uint64_t number;
	struct histogram cycles;
};

/* keys[count] in order. symtab of each VM or NULL; borrowed. NULL and errno. */
struct summary *summary_new(const enum summary_key *keys, size_t count,
			    const struct symtab *const symtab[ANCHOR_VMS_MAX]);
/* 0 or -ENOMEM. */
int summary_add(struct summary *s, const struct event_header *ev,
		unsigned int cpu);
void summary_free(struct summary *s);

/* Rows, largest total first; ties by key, so that output never depends on
 * hash order. Valid until the next add. */
const struct summary_row *const *summary_rows(struct summary *s, size_t *count);
const struct summary_tlb_row *summary_tlb_rows(struct summary *s, size_t *count);
const struct summary_hypercall_row *summary_hypercall_rows(struct summary *s,
							   size_t *count);
size_t summary_key_count(const struct summary *s);
enum summary_key summary_key_at(const struct summary *s, size_t i);
/* All exits together; first and last TSC seen; total lost per LOST events. */
const struct histogram *summary_all(const struct summary *s);
uint64_t summary_first_tsc(const struct summary *s);
uint64_t summary_last_tsc(const struct summary *s);
uint64_t summary_lost(const struct summary *s);

/* Parses "reason,sym"; returns the count or -EINVAL with *bad the unknown one. */
int summary_parse_keys(const char *list, enum summary_key keys[SUMMARY_KEYS],
		       char *bad, size_t bad_bytes);

#endif
