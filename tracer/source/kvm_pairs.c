/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vCPU threads and what each is about to tell.
 */
#include "tracer/source/kvm_pairs.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>

#include "tracer/event/exit_decode.h"

#define VCPU_UNKNOWN	UINT32_MAX
#define ALL_CPUS	UINT32_MAX
#define KVM_ISA_VMX	1	/* in kvm_exit */
#define KVM_MMIO_WRITE	2
#define VMX_CODE_MASK	0xffff	/* above it are flags */

struct thread {
	uint32_t tid;		/* first: threads are found by it */
	uint32_t vcpu;
	uint16_t vm;
	uint32_t cpu;		/* of its last exit */
	bool exited, called;	/* these wait: */
	struct event_vmexit exit;
	struct event_hypercall call;
};

struct kvm_pairs {
	const struct kvm_formats *formats;
	struct made_source *to;
	void *threads;		/* tsearch()'s */
	struct thread *last;
	uint32_t pid[ANCHOR_VMS_MAX];
	unsigned int vcpus[ANCHOR_VMS_MAX];
	unsigned int vms;
	int err;		/* of a walk through the threads */
	uint32_t flush_cpu;
};

static int thread_order(const void *a, const void *b)
{
	const struct thread *x = a, *y = b;

	return (x->tid > y->tid) - (x->tid < y->tid);
}

static uint16_t vm_of(struct kvm_pairs *p, uint32_t pid)
{
	unsigned int vm = 0;

	while (vm < p->vms && p->pid[vm] != pid)
		vm++;
	if (vm == ANCHOR_VMS_MAX)
		return EVENT_NO_VM;
	if (vm == p->vms)
		p->pid[p->vms++] = pid;
	return (uint16_t)vm;
}

static struct thread *thread_new(struct kvm_pairs *p,
				 const struct kvm_passed *at)
{
	struct thread *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->tid = at->tid;
	t->vcpu = VCPU_UNKNOWN;
	if (!tsearch(t, &p->threads, thread_order)) {
		free(t);
		return NULL;
	}
	t->vm = vm_of(p, at->pid);
	return t;
}

static struct thread *thread_of(struct kvm_pairs *p,
				const struct kvm_passed *at)
{
	struct thread key = { .tid = at->tid };
	struct thread **found;

	if (p->last && p->last->tid == at->tid)
		return p->last;
	found = tfind(&key, &p->threads, thread_order);
	p->last = found ? *found : thread_new(p, at);
	return p->last;
}

static bool field(const struct kvm_pairs *p, const struct kvm_passed *at,
		  enum kvm_field which, uint64_t *value)
{
	return kvm_field_take(p->formats, which, at->raw, at->bytes, value);
}

static int vcpu_set(struct kvm_pairs *p, struct thread *t, uint64_t vcpu)
{
	if (vcpu >= ANCHOR_VCPUS_MAX)
		return -E2BIG;
	t->vcpu = (uint32_t)vcpu;
	if (t->vm < ANCHOR_VMS_MAX && vcpu >= p->vcpus[t->vm])
		p->vcpus[t->vm] = (unsigned int)vcpu + 1;
	return 0;
}

/* An exit before the thread's first entry may be nobody's, and is missed. */
static int exit_record(struct kvm_pairs *p, struct thread *t, uint32_t cpu)
{
	bool called = t->called;
	int err = 0;

	t->exited = t->called = false;
	if (t->vcpu == VCPU_UNKNOWN)
		return made_source_lost(p->to, cpu, 1 + called,
					t->exit.h.tsc);
	t->exit.vcpu = t->call.vcpu = (__u16)t->vcpu;
	if (called)
		err = made_source_add(p->to, cpu, &t->call.h);
	return err ? err : made_source_add(p->to, cpu, &t->exit.h);
}

static struct event_header head(const struct thread *t, uint64_t time, int id,
				size_t bytes)
{
	return (struct event_header){ .tsc = time, .id = (__u8)id,
		.slots = (__u8)(bytes / EVENT_SLOT_BYTES), .vm = t->vm };
}

static struct exit_words words_of(const struct kvm_pairs *p,
				  const struct kvm_passed *at)
{
	struct exit_words w = { .isa = ISA_SVM };
	uint64_t value;

	if (field(p, at, KVM_EXIT_ISA, &value) && value == KVM_ISA_VMX)
		w.isa = ISA_VMX;
	field(p, at, KVM_EXIT_REASON, &value);
	w.code = (uint32_t)value;
	if (w.isa == ISA_VMX)
		w.code &= VMX_CODE_MASK;
	w.has_info = field(p, at, KVM_EXIT_INFO1, &w.info1);
	field(p, at, KVM_EXIT_INFO2, &w.info2);
	if (field(p, at, KVM_EXIT_INTR_INFO, &value))
		w.intr_info = (uint32_t)value;
	if (field(p, at, KVM_EXIT_ERROR, &value))
		w.error_code = (uint32_t)value;
	return w;
}

static int take_exit(struct kvm_pairs *p, struct thread *t,
		     const struct kvm_passed *at)
{
	struct exit_words w = words_of(p, at);
	uint64_t vcpu, rip;
	int err = 0;

	if (t->exited)
		err = exit_record(p, t, t->cpu);
	if (!err && field(p, at, KVM_EXIT_VCPU, &vcpu))
		err = vcpu_set(p, t, vcpu);
	t->exit = (struct event_vmexit){
		.h = head(t, at->time, EVENT_VMEXIT, sizeof(t->exit)),
	};
	if (field(p, at, KVM_EXIT_RIP, &rip))
		t->exit.cpl_known = EVENT_KNOWN_RIP;
	t->exit.rip = rip;
	exit_decode(&t->exit, &w);
	t->cpu = at->cpu;
	t->exited = true;
	t->called = false;
	p->to->s.origin.isas |= ORIGIN_ISA(w.isa);
	return err;
}

/* A guest that waits costs its host nothing, so that is not handling. */
static void cost_set(struct event_vmexit *ev, uint64_t ns)
{
	ev->cpl_known |= EVENT_KNOWN_COST;
	if (ev->reason == EXIT_HLT || ev->reason == EXIT_MWAIT)
		ev->blocked_cycles = ns;
	else
		ev->handle_cycles = ns < UINT32_MAX ? (__u32)ns : UINT32_MAX;
}

static int take_entry(struct kvm_pairs *p, struct thread *t,
		      const struct kvm_passed *at)
{
	uint64_t vcpu;
	int err = 0;

	if (field(p, at, KVM_ENTRY_VCPU, &vcpu))
		err = vcpu_set(p, t, vcpu);
	if (err || !t->exited)
		return err;
	if (at->time >= t->exit.h.tsc)
		cost_set(&t->exit, at->time - t->exit.h.tsc);
	return exit_record(p, t, at->cpu);
}

static void detail_set(struct event_vmexit *ev, uint64_t detail)
{
	ev->detail = detail;
	ev->cpl_known |= EVENT_KNOWN_DETAIL;
}

static void take_hypercall(const struct kvm_pairs *p, struct thread *t,
			   const struct kvm_passed *at)
{
	struct event_hypercall *call = &t->call;
	uint64_t number, arg;

	if (!field(p, at, KVM_CALL_NUMBER, &number))
		return;
	*call = (struct event_hypercall){
		.h = head(t, at->time, EVENT_HYPERCALL, sizeof(*call)),
		.cpl_known = (t->exit.cpl_known & EVENT_KNOWN_RIP) |
			     EVENT_KNOWN_ARGS,
		.isa = EVENT_ISA(t->exit.isa_len),
		.number = number,
		.rip = t->exit.rip,
	};
	for (int i = 0; i < 4; i++) {
		field(p, at, KVM_CALL_ARG0 + i, &arg);
		call->args[i] = arg;
	}
	t->called = true;
	if (t->exit.reason == EXIT_HYPERCALL)
		detail_set(&t->exit, number);
}

static void take_msr(const struct kvm_pairs *p, struct event_vmexit *ev,
		     const struct kvm_passed *at)
{
	uint64_t index, write;

	if ((ev->reason != EXIT_MSR_READ && ev->reason != EXIT_MSR_WRITE) ||
	    !field(p, at, KVM_MSR_INDEX, &index))
		return;
	if (field(p, at, KVM_MSR_WRITE, &write))
		ev->reason = write ? EXIT_MSR_WRITE : EXIT_MSR_READ;
	detail_set(ev, index);
}

/* Kernels before 5.10 have no information about Intel's exits. */
static void take_pio(const struct kvm_pairs *p, struct event_vmexit *ev,
		     const struct kvm_passed *at)
{
	uint64_t port, write, bytes;

	if (ev->reason != EXIT_IO || ev->cpl_known & EVENT_KNOWN_DETAIL ||
	    !field(p, at, KVM_PIO_PORT, &port) ||
	    !field(p, at, KVM_PIO_WRITE, &write) ||
	    !field(p, at, KVM_PIO_BYTES, &bytes))
		return;
	detail_set(ev, port | bytes << 16 | (write ? EVENT_DETAIL_WRITE : 0));
}

/* Says how many bytes a faulting access had; of several, the first. */
static void take_mmio(const struct kvm_pairs *p, struct event_vmexit *ev,
		      const struct kvm_passed *at)
{
	uint64_t type, bytes, gpa;

	if ((ev->reason != EXIT_NPF && ev->reason != EXIT_EPT_MISCONFIG) ||
	    EVENT_NPF_BYTES_OF(ev->detail) ||
	    !field(p, at, KVM_MMIO_TYPE, &type) ||
	    !field(p, at, KVM_MMIO_BYTES, &bytes) ||
	    !field(p, at, KVM_MMIO_GPA, &gpa))
		return;
	detail_set(ev, EVENT_NPF(EVENT_NPF_GPA_OF(gpa), type == KVM_MMIO_WRITE ?
		EVENT_ACCESS_WRITE : EVENT_ACCESS_READ, bytes & 255));
}

static void take_page_fault(const struct kvm_pairs *p,
			    struct event_vmexit *ev,
			    const struct kvm_passed *at)
{
	uint64_t gpa;

	if (ev->reason != EXIT_NPF || ev->cpl_known & EVENT_KNOWN_DETAIL ||
	    !field(p, at, KVM_FAULT_GPA, &gpa))
		return;
	detail_set(ev, EVENT_NPF(EVENT_NPF_GPA_OF(gpa), EVENT_ACCESS_UNKNOWN,
				 0));
}

static void take_cpuid(const struct kvm_pairs *p, struct event_vmexit *ev,
		       const struct kvm_passed *at)
{
	uint64_t leaf, subleaf;

	if (ev->reason != EXIT_CPUID ||
	    !field(p, at, KVM_CPUID_LEAF, &leaf))
		return;
	field(p, at, KVM_CPUID_SUBLEAF, &subleaf);
	detail_set(ev, leaf | subleaf << 32);
}

/* Adds to an exit: records up to the next entry are about it. */
static void take_more(struct kvm_pairs *p, struct thread *t,
		      enum kvm_point point, const struct kvm_passed *at)
{
	switch (point) {
	case KVM_HYPERCALL:
		take_hypercall(p, t, at);
		break;
	case KVM_MSR:
		take_msr(p, &t->exit, at);
		break;
	case KVM_PIO:
		take_pio(p, &t->exit, at);
		break;
	case KVM_MMIO:
		take_mmio(p, &t->exit, at);
		break;
	case KVM_PAGE_FAULT:
		take_page_fault(p, &t->exit, at);
		break;
	case KVM_CPUID:
		take_cpuid(p, &t->exit, at);
		break;
	case KVM_EXIT:
	case KVM_ENTRY:
	case KVM_POINTS:
		break;
	}
}

int kvm_pairs_add(struct kvm_pairs *p, const struct kvm_passed *at)
{
	enum kvm_point point = kvm_point_of(p->formats, at->raw, at->bytes);
	struct thread *t;

	if (point == KVM_POINTS)
		return 0;
	if (at->cpu >= ANCHOR_CPUS_MAX)
		return -E2BIG;
	t = thread_of(p, at);
	if (!t)
		return -ENOMEM;
	if (point == KVM_EXIT)
		return take_exit(p, t, at);
	if (point == KVM_ENTRY)
		return take_entry(p, t, at);
	if (t->exited)
		take_more(p, t, point, at);
	return 0;
}

static void flush_visit(const void *node, VISIT which, void *pairs)
{
	struct thread *t = *(struct thread *const *)node;
	struct kvm_pairs *p = pairs;

	if ((which == postorder || which == leaf) && !p->err && t->exited &&
	    (p->flush_cpu == ALL_CPUS || t->cpu == p->flush_cpu))
		p->err = exit_record(p, t, t->cpu);
}

/* Records the exits of a CPU that no entry is to be expected for. */
static int flush(struct kvm_pairs *p, uint32_t cpu)
{
	p->flush_cpu = cpu;
	twalk_r(p->threads, flush_visit, p);
	return p->err;
}

int kvm_pairs_lost(struct kvm_pairs *p, uint32_t cpu, uint64_t time,
		   uint64_t missed)
{
	int err = flush(p, cpu);

	return err ? err : made_source_lost(p->to, cpu, missed, time);
}

int kvm_pairs_end(struct kvm_pairs *p)
{
	return flush(p, ALL_CPUS);
}

uint32_t kvm_pairs_pid(const struct kvm_pairs *p, unsigned int vm)
{
	return vm < p->vms ? p->pid[vm] : 0;
}

unsigned int kvm_pairs_vcpus(const struct kvm_pairs *p, unsigned int vm)
{
	return vm < p->vms ? p->vcpus[vm] : 0;
}

struct kvm_pairs *kvm_pairs_new(const struct kvm_formats *formats,
				struct made_source *to)
{
	struct kvm_pairs *p = calloc(1, sizeof(*p));

	if (p) {
		p->formats = formats;
		p->to = to;
	}
	return p;
}

void kvm_pairs_free(struct kvm_pairs *p)
{
	if (!p)
		return;
	tdestroy(p->threads, free);
	free(p);
}
