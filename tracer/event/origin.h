/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where events come from: a machine's clock, its CPUs, its VMs.
 *
 * Each kind of source fills one in when it is opened: from the anchor of a
 * running core, or from the head of a trace file. Readers know nothing else of
 * the machine. All tables have counts, and no other limit.
 */
#ifndef TRACER_EVENT_ORIGIN_H
#define TRACER_EVENT_ORIGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "vmm-core/abi/anchor.h"

struct origin_clock {
	uint64_t tsc_khz;	/* not 0 */
	/* the pair: at tsc_at_wall the wall clock showed wall_ns (UTC) */
	uint64_t tsc_at_wall, wall_ns;
	bool deterministic;	/* the TSC counts instructions */
};

struct origin_vm {
	char name[32];		/* NUL-terminated, not printable */
	unsigned int state;	/* enum vm_state, when reading began */
	unsigned int first_vcpu, vcpus;
	unsigned int extents, ranges;
	const struct anchor_extent *extent;
	/* where its devices answer; none: not known */
	const struct anchor_range *range;
};

struct origin {
	uint64_t abi_hash;
	uint8_t build_id[20];	/* of the program that made the events */
	unsigned int isas;	/* a set of ORIGIN_ISA() */
	struct origin_clock clock;
	unsigned int cpus, vms;
	const struct origin_vm *vm;
};

#define ORIGIN_ISA(isa)	(1u << (isa))	/* enum event_isa */

/* Returns NULL if the origin has no such VM. */
const struct origin_vm *origin_vm(const struct origin *o, unsigned int vm);
uint64_t origin_vm_ram_bytes(const struct origin_vm *vm);
bool origin_vm_has_ram(const struct origin_vm *vm, uint64_t gpa);
/* Returns the name of an origin's instruction set; of several, "mixed". */
const char *origin_isa_name(const struct origin *o);

/*
 * Both add a copy of a VM: of any, and as an anchor tells of it, with
 * ANCHOR_RANGES_MAX ranges. Return NULL, or static text that says why not.
 */
const char *origin_add_vm(struct origin *o, const struct origin_vm *vm);
const char *origin_add_anchor_vm(struct origin *o, const struct anchor_vm *from,
				 const struct anchor_range *range);
/* Returns NULL if a reader may rely on all but the VMs; else static text. */
const char *origin_fault(const struct origin *o);
/* Frees its VMs. A zeroed origin is fine. */
void origin_exit(struct origin *o);

#endif
