/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A physical CPU of the machine: its stack, its ring, its timer, and the
 * vCPUs it runs. (o) owner CPU only, (c) constant once published.
 *
 * Interrupts are off while the core runs. They come in at irq_window() and
 * irq_wait() and in guest mode, and their handlers only leave a note.
 */
#ifndef VMM_CORE_CPU_CPU_H
#define VMM_CORE_CPU_CPU_H

#include "vmm-core/abi/anchor.h"
#include "vmm-core/lib/types.h"

struct firmware;
struct hv_cpu;
struct vcpu;

#define CPU_STACK_BYTES 16384

struct cpu {
	struct cpu *self;	/* (c) first, at the foot of the stack */
	u16 index;		/* (c) in the anchor; 0 booted the machine */
	u32 apic_id;		/* (c) */
	struct ring *ring;	/* (c) */
	struct vcpu *vcpu;	/* the one to run, given by CPU 0; NULL: idle */
	struct hv_cpu *hv;	/* (o) the backend's own */
	u64 timer_deadline;	/* (o) TSC the timer is armed for; ~0: not */
	bool online;		/* set by the owner, when it is ready */
};

/* The CPU that runs this: the foot of its aligned stack holds the pointer. */
static inline struct cpu *this_cpu(void)
{
	u64 sp;

	asm("mov %%rsp, %0" : "=r"(sp));
	return *(struct cpu **)(sp & ~(CPU_STACK_BYTES - 1ull));
}

/* Makes another CPU leave guest mode or its idle loop. */
void cpu_kick(struct cpu *cpu);

/* The CPU that boots, on this stack, becomes cpus[0]: before anything needs
 * this_cpu(). */
void cpu_boot_init(void *stack);
/* Fills cpus[] with what firmware lists, at most max of them. */
void cpus_find(const struct firmware *fw, unsigned int max);

/* How another CPU begins: in real mode, at an address below 1 MiB. */
struct cpu_startup {
	u64 hpa;		/* of the code, on a page */
	/* what it takes with it, set before each start */
	u64 *stack_end;
	struct cpu **cpu;
};

/*
 * Starts the other CPUs one by one, each on its own stack; each sets its
 * cpu->online when it is ready. Until then nobody else runs.
 */
void cpus_start(const struct cpu_startup *startup);
/* Stops all others for good, whatever they do: for the panic. */
void cpus_stop(void);
extern struct cpu *cpus[ANCHOR_CPUS_MAX];
extern unsigned int cpus_count;

#endif
