/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A trace summed up: exits grouped by any sort keys, TLB flushes by cause and
 * ASID, hypercalls by number, and exactly what was missed. What reports print
 * and what comparisons compare.
 *
 * A summary belongs to one thread. What it returns is valid until the next
 * summary_add().
 */
#ifndef EXIT_ANALYZER_STATS_SUMMARY_H
#define EXIT_ANALYZER_STATS_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exit-analyzer/stats/histogram.h"
#include "tracer/symbol/process_map.h"
#include "tracer/symbol/symtab.h"
#include "vmm-core/abi/anchor.h"
#include "vmm-core/abi/event.h"

/* Sort keys are rows of summary_keys.def. */
enum summary_key {
#define SUMMARY_KEY(NAME, name, heading, help) SUMMARY_KEY_##NAME,
#include "exit-analyzer/stats/summary_keys.def"
	SUMMARY_KEYS
};

struct summary;

/*
 * Of key sym, text is the function's name, or "[user]" for code of user mode;
 * where it is NULL there is no symbol, and number is the address. Of key
 * process, text is its name, or "[unknown]", and number its pid. The other
 * keys are numbers, enum exit_reason for reason.
 */
struct summary_key_value {
	uint64_t number;
	const char *text;
	const char *module;	/* of the symbol; NULL: the kernel itself */
};

struct summary_row {
	struct summary_key_value key[SUMMARY_KEYS]; /* in the order given */
	struct histogram handle;		/* handle_cycles */
	uint64_t blocked_cycles;
};

struct summary_tlb_row {
	uint16_t vm, asid;
	uint8_t scope, cause;
	bool guest;		/* the guest asked */
	uint64_t count;
};

struct summary_hypercall_row {
	uint16_t vm;
	uint64_t number;
	struct histogram cycles;
};

struct summary_loss {
	uint64_t missed;	/* records */
	uint64_t events;	/* times it happened */
	uint64_t first_tsc;	/* of the last record before the first time */
};

/* keys[count] in order. symtab of each VM or NULL; borrowed. NULL and errno. */
struct summary *summary_new(const enum summary_key *keys, size_t count,
			    const struct symtab *const symtab[ANCHOR_VMS_MAX]);
void summary_free(struct summary *s);
/* Before the first event, for key process: of each VM or NULL; borrowed. */
void summary_use_processes(struct summary *s,
			   struct process_map *const map[ANCHOR_VMS_MAX]);
/*
 * 0; -ENOMEM; -EOVERFLOW (2^32 exits of one row and cost); -EBADMSG: the
 * record is shorter than its kind. Kinds not known are skipped.
 */
int summary_add(struct summary *s, const struct event_header *ev,
		unsigned int cpu);

size_t summary_key_count(const struct summary *s);
enum summary_key summary_key_at(const struct summary *s, size_t i);
/* Rows, largest total first; ties by key. NULL and errno, as summary_add(). */
const struct summary_row *const *summary_rows(struct summary *s, size_t *count);
const struct summary_tlb_row *summary_tlb_rows(struct summary *s, size_t *count);
const struct summary_hypercall_row *summary_hypercall_rows(struct summary *s,
							   size_t *count);
/* All exits together; its keys mean nothing. */
const struct summary_row *summary_total(const struct summary *s);
/* The earliest and the latest TSC of a record; 0 when there was none. */
uint64_t summary_first_tsc(const struct summary *s);
uint64_t summary_last_tsc(const struct summary *s);
struct summary_loss summary_loss(const struct summary *s);

/* The key's spelling, heading and help. */
const char *summary_key_name(enum summary_key key);
const char *summary_key_heading(enum summary_key key);
const char *summary_key_help(enum summary_key key);
/*
 * Parses "reason,sym". The count, or -EINVAL and in *bad, cut to fit, the
 * name that is unknown or there twice.
 */
int summary_parse_keys(const char *list, enum summary_key keys[SUMMARY_KEYS],
		       char *bad, size_t bad_bytes);

#endif
