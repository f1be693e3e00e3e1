/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * KVM's tracepoints to records: an exit, what was said of it, and the entry
 * behind it are one VMEXIT, of the thread that ran the vCPU.
 *
 * The tracepoints come in the order of time. A VM is a process, for a trace
 * says no more of it. The exit of a vCPU that was not entered again, or whose
 * entry may be lost, has a cost that is not known.
 */
#ifndef TRACER_SOURCE_KVM_PAIRS_H
#define TRACER_SOURCE_KVM_PAIRS_H

#include "tracer/foreign/kvm_formats.h"
#include "tracer/source/made_source.h"

struct kvm_pairs;

/* When and where a tracepoint was passed. */
struct kvm_passed {
	uint64_t time;		/* ns */
	uint32_t pid, tid, cpu;
	const char *raw;	/* its fields */
	size_t bytes;
};

/* NULL: no memory. Both stay the caller's, and live longer. */
struct kvm_pairs *kvm_pairs_new(const struct kvm_formats *formats,
				struct made_source *to);
/* 0, -ENOMEM, -E2BIG: a CPU or vCPU whose number is too large. */
int kvm_pairs_add(struct kvm_pairs *p, const struct kvm_passed *at);
/* Notes that tracepoints of a CPU are missing here. */
int kvm_pairs_lost(struct kvm_pairs *p, uint32_t cpu, uint64_t time,
		   uint64_t missed);
/* Records the exits that no entry came for. */
int kvm_pairs_end(struct kvm_pairs *p);
/* VMs are numbered as they come; 0: there is no such VM. */
uint32_t kvm_pairs_pid(const struct kvm_pairs *p, unsigned int vm);
unsigned int kvm_pairs_vcpus(const struct kvm_pairs *p, unsigned int vm);
/* NULL is fine. */
void kvm_pairs_free(struct kvm_pairs *p);

#endif
