/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events in, intervals out: counts, costs and percentiles of one machine.
 *
 * Everything is exact but what a histogram rounds: no event is skipped, and
 * those that a reader missed are counted. A sampler belongs to one thread.
 */
#ifndef EXIT_ANALYZER_LIVE_SAMPLER_H
#define EXIT_ANALYZER_LIVE_SAMPLER_H

#include "tracer/guest/processes.h"
#include "tracer/symbol/process_map.h"
#include "tracer/symbol/symtab.h"
#include "vmm-core/abi/trace_file.h"
#include "exit-analyzer/live/snapshot.h"

struct sampler;

/* So many rows of symbols are kept of an interval, the rest added up. */
#define SAMPLER_SYMBOLS 1024
/* The same of processes. */
#define SAMPLER_PROCESSES 1024

/* NULL and errno. */
struct sampler *sampler_new(const struct trace_machine *machine);
void sampler_free(struct sampler *s);
/*
 * So many records, one behind the other, and at least one; all of the same
 * kind, VM and length. 0, -ENOMEM, -EOVERFLOW: 2^32 records in one interval;
 * then only a part of them was added.
 */
int sampler_add(struct sampler *s, const struct event_header *ev,
		unsigned int records);
/* The functions of a VM's kernel from now on; owned, whatever is returned. */
int sampler_use_symbols(struct sampler *s, unsigned int vm,
			struct symtab *symtab);

/* The processes of a VM's guest in a trace; owned. Before the first event. */
void sampler_use_processes(struct sampler *s, unsigned int vm,
			   struct process_map *map);
/*
 * In a trace, before each event: processes may change by then. 0 or a negative
 * errno.
 */
int sampler_advance(struct sampler *s, uint64_t tsc);
/* Those there are now, before each cut. 0 or -ENOMEM. */
int sampler_see_processes(struct sampler *s, unsigned int vm,
			  const struct guest_process *list, size_t count);

/*
 * Ends the interval. What the caller knows about time is put in: at_s,
 * seconds, cycles; also `waiting`. NULL and errno; the caller frees.
 */
struct snapshot *sampler_cut(struct sampler *s);
/* Totals begin at 0 again. */
void sampler_reset(struct sampler *s);

uint64_t sampler_last_tsc(const struct sampler *s);	/* 0: no record yet */
/* Exits in kernel code whose function is not known, in the last interval. */
uint64_t sampler_unresolved(const struct sampler *s, unsigned int vm);

#endif
