/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events of many CPUs in the order of time.
 */
#ifndef TRACER_FOREIGN_TIME_ORDER_H
#define TRACER_FOREIGN_TIME_ORDER_H

#include <stddef.h>
#include <stdint.h>

struct timed {
	uint64_t time;
	uint64_t what;		/* the caller's */
};

/* Sorts; equals stay in their order. 0 or -ENOMEM. */
int time_order(struct timed *events, size_t count);

#endif
