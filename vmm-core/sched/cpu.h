/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A physical CPU of the machine: its stack, its ring, its timer, and the
 * vCPUs it runs. (o) owner CPU only, (c) constant once published.
 */
#ifndef VMM_CORE_SCHED_CPU_H
#define VMM_CORE_SCHED_CPU_H

#include "vmm-core/abi/anchor.h"
#include "vmm-core/lib/types.h"

struct hv_cpu;
struct vcpu;

#define CPU_STACK_BYTES 16384

struct cpu {
	struct cpu *self;	/* (c) first, at the foot of the stack */
	u16 index;		/* (c) in the anchor; 0 booted the machine */
	u32 apic_id;		/* (c) */
	struct ring *ring;	/* (c) */
	struct vcpu *vcpu;	/* (o) the one to run; NULL: idle */
	struct hv_cpu *hv;	/* (o) the backend's own */
	u64 timer_deadline;	/* (o) TSC the timer is armed for; ~0: not */
};

/* The CPU that runs this: the foot of its aligned stack holds the pointer. */
static inline struct cpu *this_cpu(void)
{
	u64 sp;

	asm("mov %%rsp, %0" : "=r"(sp));
	return *(struct cpu **)(sp & ~(CPU_STACK_BYTES - 1ull));
}

/* Frequency of the TSC, measured at boot. */
extern u64 tsc_khz;

static inline u64 ns_to_tsc(u64 ns)
{
	return (u64)((unsigned __int128)ns * tsc_khz / 1000000);
}

static inline u64 tsc_to_ns(u64 tsc)
{
	return (u64)((unsigned __int128)tsc * 1000000 / tsc_khz);
}

/* Interrupts this CPU at the given TSC or soon after; ~0 for never. */
void cpu_timer_arm(struct cpu *cpu, u64 deadline_tsc);
/* Makes another CPU leave guest mode or its idle loop. */
void cpu_kick(struct cpu *cpu);

/* Starts the other CPUs, each on its own stack; returns how many run in all. */
unsigned int cpus_start(void (*entry)(struct cpu *cpu));
extern struct cpu *cpus[ANCHOR_CPUS_MAX];
extern unsigned int cpus_count;

#endif
