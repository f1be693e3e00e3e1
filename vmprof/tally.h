/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Holds what a recording got against what the core did: the core counts exits,
 * flushes and hypercalls apart from its rings.
 */
#ifndef VMPROF_TALLY_H
#define VMPROF_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "tracer/source/source.h"
#include "vmm-core/abi/anchor.h"
#include "machine/machine.h"

struct tally {
	/* records by kind, EVENT_LOST not among them */
	uint64_t exits, tlb_flushes, hypercalls, vm_states;
	uint64_t first_tsc, last_tsc;	/* 0: none came yet */
};

void tally_add(struct tally *t, const struct event_header *ev);

/* The core's counters, of all vCPUs since boot. */
struct tally_counters {
	uint64_t exits, tlb_flushes, hypercalls;
	unsigned int vcpus;
	uint64_t flags_repaired; /* exits whose RFLAGS could not be */
};

void tally_read_counters(const struct machine *m, struct tally_counters *c);

/*
 * For a recording that began with the machine. total is the sum over the
 * rings. false, having printed what does not agree: records and counters
 * differ. settled: the machine stopped by itself; one that was stopped from
 * outside may be between counting and recording, once a vCPU.
 */
bool tally_agrees(const struct tally *t, const struct tally_counters *c,
		  const struct source_cpu_counts *total, bool settled);

#endif
