/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A source whose records are made when it is opened, from another program's
 * file: all of them wait in memory, each CPU's in the order it is to be read.
 */
#ifndef TRACER_SOURCE_MADE_SOURCE_H
#define TRACER_SOURCE_MADE_SOURCE_H

#include "tracer/source/source_ops.h"

struct made_stream {
	char *at;		/* the records */
	size_t bytes, room;
	size_t next;		/* byte of the next to be read */
	uint64_t made, lost;
	uint64_t last_tsc;
	uint64_t read, missed;
};

struct made_source {
	struct source s;	/* its maker fills in the origin, but for CPUs and VMs */
	struct source_file_info info;	/* and the header, and what was cut */
	struct made_stream stream[ANCHOR_CPUS_MAX];
	struct origin_vm vm[ANCHOR_VMS_MAX];
	unsigned int vms;
	uint64_t exits, hypercalls, last_tsc;
};

/* NULL: no memory. */
struct made_source *made_source_new(void);
/* Copies a record, and numbers it. 0, -ENOMEM, or -E2BIG for the CPU. */
int made_source_add(struct made_source *m, unsigned int cpu,
		    const struct event_header *ev);
/* Notes that records of a CPU are missing here; 0 is fine. */
int made_source_lost(struct made_source *m, unsigned int cpu, uint64_t missed,
		     uint64_t resumed_tsc);
/*
 * Gives VM i a name and so many vCPUs more, as far as a machine has room.
 */
void made_source_vm(struct made_source *m, unsigned int vm, const char *name,
		    unsigned int vcpus);
/* All records are in. 0 or -ENOMEM. */
int made_source_begin(struct made_source *m);
/* NULL is fine. */
void made_source_free(struct made_source *m);

#endif
