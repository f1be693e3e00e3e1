/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events in, intervals out: counts, costs and percentiles of one machine.
 *
 * Everything is exact but what a histogram rounds: no event is skipped, and
 * those that a reader missed are counted. One thread at a time.
 */
#ifndef EXIT_ANALYZER_LIVE_INTERVAL_COUNTER_H
#define EXIT_ANALYZER_LIVE_INTERVAL_COUNTER_H

#include "exit-analyzer/live/snapshot.h"
#include "tracer/guest/processes.h"
#include "tracer/symbol/process_map.h"
#include "tracer/symbol/symtab.h"
#include "vmm-core/abi/trace_file.h"

struct interval_counter;

/* As many rows of symbols are kept of an interval, the rest is added up. */
#define INTERVAL_SYMBOLS 1024
/* The same of processes. */
#define INTERVAL_PROCESSES 1024
/* The same of keys that are chosen. */
#define INTERVAL_KEYED 1024

/* NULL and errno. */
struct interval_counter *
interval_counter_new(const struct origin *origin);
void interval_counter_free(struct interval_counter *c);
/*
 * Adds `records`, at least one, that stand one behind the other and have the
 * same kind, VM, CPU and length. 0, -ENOMEM, -EOVERFLOW: 2^32 records in one
 * interval; then only a part of them was added.
 */
int interval_counter_add(struct interval_counter *c,
			 const struct event_header *ev, unsigned int records,
			 unsigned int cpu);
/*
 * Groups exits by these keys, too, which costs more than all that is counted
 * without; before the first event. 0 or -ENOMEM.
 */
int interval_counter_sort_by(struct interval_counter *c, const enum key *keys,
			     size_t count);
/* The functions of a VM's kernel from now on; owned, whatever is returned. */
int interval_counter_use_symbols(struct interval_counter *c, unsigned int vm,
				 struct symtab *symtab);

/* The processes of a VM's guest in a trace; owned. Before the first event. */
void interval_counter_use_processes(struct interval_counter *c,
				    unsigned int vm, struct process_map *map);
/*
 * In a trace, before each event: processes may change by then. 0 or a negative
 * errno.
 */
int interval_counter_advance(struct interval_counter *c, uint64_t tsc);
/* Those there are now, before the end of each interval. 0 or -ENOMEM. */
int interval_counter_see_processes(struct interval_counter *c, unsigned int vm,
				   const struct guest_process *list,
				   size_t count);

/*
 * Ends the interval; losses from end_tsc on belong to a later one. The caller
 * fills in at_s, seconds, cycles and `waiting`, and frees. NULL and errno.
 */
struct snapshot *interval_counter_end(struct interval_counter *c,
				      uint64_t end_tsc);
/* The end of an interval that takes every loss there was. */
#define INTERVAL_END_NOW UINT64_MAX
/* Totals begin at 0 again. */
void interval_counter_reset(struct interval_counter *c);

/* 0: no record yet. */
uint64_t interval_counter_last_tsc(const struct interval_counter *c);
/* Exits in kernel code whose function is not known, in the last interval. */
uint64_t interval_counter_unresolved(const struct interval_counter *c,
				     unsigned int vm);

#endif
