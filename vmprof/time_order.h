/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A trace's records in the order of time. The file has them by CPU, in
 * chunks; each CPU's are read through a source of its own and merged, so
 * that no more than a chunk of each is ever in memory.
 */
#ifndef VMPROF_TIME_ORDER_H
#define VMPROF_TIME_ORDER_H

#include "vmprof/trace_input.h"

struct time_order;

/* Reads in, too, which stays open as long. NULL after having told the user why. */
struct time_order *time_order_open(struct trace_input *in);
/* As trace_input_next(). */
int time_order_next(struct time_order *t, const struct event_header **ev,
		    unsigned int *cpu);
void time_order_close(struct time_order *t);

#endif
