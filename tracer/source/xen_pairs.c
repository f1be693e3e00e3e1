/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keeps what each CPU runs, and what each vCPU is about to tell.
 */
#include "tracer/source/xen_pairs.h"

#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>

#include "tracer/event/exit_decode.h"

#define SVM_EXCP0	0x40
#define PV_OP_MASK	0xfffff
#define NOBODY		UINT32_MAX
#define ALL_CPUS	UINT32_MAX

/* As the scheduler's records have it: a domain and the vCPU in it. */
#define DOMAIN_OF(who)	((who) >> 16)
#define VCPU_OF(who)	((who) & 0xffff)

struct vcpu {
	uint32_t who;		/* first: it is found by it */
	uint16_t vm;
	unsigned int cpu;	/* of its last exit */
	bool exited, called;	/* these wait: */
	struct event_vmexit exit;
	struct event_hypercall call;
	uint64_t stopped_tsc;	/* 0: it runs */
	uint64_t stopped;	/* since its exit, cycles */
};

struct xen_pairs {
	struct made_source *to;
	enum event_isa isa;
	void *vcpus;		/* tsearch()'s */
	uint32_t running[ANCHOR_CPUS_MAX];	/* who */
	uint32_t domain[ANCHOR_VMS_MAX];
	unsigned int vcpu_count[ANCHOR_VMS_MAX];
	unsigned int vms;
	int err;		/* of a walk through the vCPUs */
	unsigned int flush_cpu;
};

static int vcpu_order(const void *a, const void *b)
{
	const struct vcpu *x = a, *y = b;

	return (x->who > y->who) - (x->who < y->who);
}

static uint16_t vm_of(struct xen_pairs *p, uint32_t who)
{
	uint32_t domain = DOMAIN_OF(who);
	unsigned int vm = 0;

	while (vm < p->vms && p->domain[vm] != domain)
		vm++;
	if (vm == ANCHOR_VMS_MAX)
		return EVENT_NO_VM;
	if (vm == p->vms)
		p->domain[p->vms++] = domain;
	if (VCPU_OF(who) >= p->vcpu_count[vm])
		p->vcpu_count[vm] = VCPU_OF(who) + 1;
	return (uint16_t)vm;
}

static struct vcpu *vcpu_find(const struct xen_pairs *p, uint32_t who)
{
	struct vcpu key = { .who = who }, **found;

	found = tfind(&key, &p->vcpus, vcpu_order);
	return found ? *found : NULL;
}

static struct vcpu *vcpu_of(struct xen_pairs *p, uint32_t who)
{
	struct vcpu *v = vcpu_find(p, who);

	if (v)
		return v;
	v = calloc(1, sizeof(*v));
	if (!v)
		return NULL;
	v->who = who;
	if (!tsearch(v, &p->vcpus, vcpu_order)) {
		free(v);
		return NULL;
	}
	v->vm = vm_of(p, who);
	return v;
}

static int exit_record(struct xen_pairs *p, struct vcpu *v, unsigned int cpu)
{
	int err = v->called ? made_source_add(p->to, cpu, &v->call.h) : 0;

	v->exited = v->called = false;
	return err ? err : made_source_add(p->to, cpu, &v->exit.h);
}

static struct event_header head(const struct vcpu *v, uint64_t tsc, int id,
				size_t bytes)
{
	return (struct event_header){ .tsc = tsc, .id = (__u8)id,
		.slots = (__u8)(bytes / EVENT_SLOT_BYTES), .vm = v->vm };
}

static int take_exit(struct xen_pairs *p, struct vcpu *v, unsigned int cpu,
		     uint64_t tsc, const struct xen_record *r)
{
	struct exit_words w = {
		.isa = p->isa,
		.code = r->word[0],
	};
	int err = v->exited ? exit_record(p, v, v->cpu) : 0;

	v->exit = (struct event_vmexit){
		.h = head(v, tsc, EVENT_VMEXIT, sizeof(v->exit)),
		.vcpu = (__u16)VCPU_OF(v->who),
		.cpl_known = EVENT_KNOWN_RIP,
		.rip = r->event & XEN_64 ? xen_long(r, 1) : r->word[1],
	};
	exit_decode(&v->exit, &w);
	v->cpu = cpu;
	v->exited = true;
	v->called = false;
	v->stopped = 0;
	return err;
}

static int take_entry(struct xen_pairs *p, struct vcpu *v, unsigned int cpu,
		      uint64_t tsc)
{
	uint64_t cycles;

	if (!v->exited)
		return 0;
	if (tsc >= v->exit.h.tsc && tsc - v->exit.h.tsc >= v->stopped) {
		cycles = tsc - v->exit.h.tsc - v->stopped;
		v->exit.cpl_known |= EVENT_KNOWN_COST;
		v->exit.blocked_cycles = v->stopped;
		v->exit.handle_cycles = cycles < UINT32_MAX ?
			(__u32)cycles : UINT32_MAX;
	}
	return exit_record(p, v, cpu);
}

static void detail_set(struct event_vmexit *ev, uint64_t detail)
{
	ev->detail = detail;
	ev->cpl_known |= EVENT_KNOWN_DETAIL;
}

static void detail_if(struct event_vmexit *ev, enum exit_reason reason,
		      uint64_t detail)
{
	if (ev->reason == reason)
		detail_set(ev, detail);
}

static void npf_set(struct event_vmexit *ev, uint64_t gpa,
		    enum event_access access)
{
	detail_if(ev, EXIT_NPF, EVENT_NPF(EVENT_NPF_GPA_OF(gpa), access, 0));
}

static void take_vmmcall(struct vcpu *v, uint64_t tsc,
			 const struct xen_record *r)
{
	v->call = (struct event_hypercall){
		.h = head(v, tsc, EVENT_HYPERCALL, sizeof(v->call)),
		.vcpu = v->exit.vcpu,
		.cpl_known = EVENT_KNOWN_RIP,
		.isa = EVENT_ISA(v->exit.isa_len),
		.number = r->word[0],
		.rip = v->exit.rip,
	};
	v->called = true;
	detail_if(&v->exit, EXIT_HYPERCALL, r->word[0]);
}

static void take_msr(struct event_vmexit *ev, bool write, uint32_t index)
{
	if (ev->reason != EXIT_MSR_READ && ev->reason != EXIT_MSR_WRITE)
		return;
	ev->reason = write ? EXIT_MSR_WRITE : EXIT_MSR_READ;
	detail_set(ev, index);
}

/* Adds to an exit: records up to the next entry are about it. */
static void take_more(struct vcpu *v, uint64_t tsc, const struct xen_record *r)
{
	struct event_vmexit *ev = &v->exit;
	bool is64 = r->event & XEN_64;

	switch (r->event & ~XEN_64) {
	case XEN_CR_READ:
		detail_if(ev, EXIT_CR_ACCESS, r->word[0]);
		break;
	case XEN_CR_WRITE:
		detail_if(ev, EXIT_CR_ACCESS, r->word[0] | EVENT_DETAIL_WRITE);
		break;
	case XEN_MSR_READ:
		take_msr(ev, false, r->word[0]);
		break;
	case XEN_MSR_WRITE:
		take_msr(ev, true, r->word[0]);
		break;
	case XEN_CPUID:
		detail_if(ev, EXIT_CPUID, r->words > 5 ? xen_long(r, 0) :
							 r->word[0]);
		break;
	case XEN_INTR:
		if (r->words)
			detail_if(ev, EXIT_INTERRUPT, r->word[0]);
		break;
	case XEN_VMMCALL:
		take_vmmcall(v, tsc, r);
		break;
	case XEN_IOPORT_READ:
		detail_if(ev, EXIT_IO, r->word[0]);
		break;
	case XEN_IOPORT_WRITE:
		detail_if(ev, EXIT_IO, r->word[0] | EVENT_DETAIL_WRITE);
		break;
	case XEN_IOMEM_READ:
		npf_set(ev, is64 ? xen_long(r, 0) : r->word[0],
			EVENT_ACCESS_READ);
		break;
	case XEN_IOMEM_WRITE:
		npf_set(ev, is64 ? xen_long(r, 0) : r->word[0],
			EVENT_ACCESS_WRITE);
		break;
	case XEN_NPF:
		npf_set(ev, xen_long(r, 0), EVENT_ACCESS_UNKNOWN);
		break;
	}
}

/* Which of its arguments were recorded depends on the call: none is kept. */
static int take_pv_call(struct xen_pairs *p, struct vcpu *v, unsigned int cpu,
			uint64_t tsc, const struct xen_record *r)
{
	struct event_hypercall call = {
		.h = head(v, tsc, EVENT_HYPERCALL, sizeof(call)),
		.vcpu = (__u16)VCPU_OF(v->who),
		.isa = (__u8)p->isa,
	};
	uint32_t event = r->event & ~XEN_64;

	if (event != XEN_PV_HYPERCALL) {
		call.number = r->word[0] & PV_OP_MASK;
	} else {
		call.cpl_known = EVENT_KNOWN_RIP;
		call.rip = r->event & XEN_64 ? xen_long(r, 0) : r->word[0];
		call.number = r->word[r->event & XEN_64 ? 2 : 1];
	}
	return made_source_add(p->to, cpu, &call.h);
}

/* How a PV guest gets into Xen: by this exception. -1: by none. */
static int pv_vector(const struct xen_record *r)
{
	switch (r->event & ~XEN_64) {
	case XEN_PV_TRAP:
		return r->word[r->event & XEN_64 ? 2 : 1] & 31;
	case XEN_PV_FORCED_INVALID_OP:
		return 6;
	case XEN_PV_FPU:
		return 7;
	case XEN_PV_PRIVOP:
	case XEN_PV_4GB:
		return 13;
	case XEN_PV_PAGE_FAULT:
	case XEN_PV_PAGING_FIXUP:
	case XEN_PV_GDT_LDT_FAULT:
	case XEN_PV_PTWR:
	case XEN_PV_PTWR_PAE:
		return 14;
	}
	return -1;
}

static int take_pv_trap(struct xen_pairs *p, struct vcpu *v, unsigned int cpu,
			uint64_t tsc, const struct xen_record *r, int vector)
{
	struct event_vmexit ev = {
		.h = head(v, tsc, EVENT_VMEXIT, sizeof(ev)),
		.vcpu = (__u16)VCPU_OF(v->who),
	};
	struct exit_words w = { .isa = p->isa };

	w.code = w.isa == ISA_SVM ? SVM_EXCP0 + (uint32_t)vector : 0;
	exit_decode(&ev, &w);
	detail_set(&ev, (uint64_t)vector);
	/* a FPU that is given back has no address */
	if (r->words) {
		ev.cpl_known |= EVENT_KNOWN_RIP;
		ev.rip = r->event & XEN_64 ? xen_long(r, 0) : r->word[0];
	}
	return made_source_add(p->to, cpu, &ev.h);
}

static void flush_visit(const void *node, VISIT which, void *pairs)
{
	struct vcpu *v = *(struct vcpu *const *)node;
	struct xen_pairs *p = pairs;

	if ((which == postorder || which == leaf) && !p->err && v->exited &&
	    (p->flush_cpu == ALL_CPUS || v->cpu == p->flush_cpu))
		p->err = exit_record(p, v, v->cpu);
}

/* Records the exits of a CPU that no entry is to be expected for. */
static int flush(struct xen_pairs *p, unsigned int cpu)
{
	p->flush_cpu = cpu;
	twalk_r(p->vcpus, flush_visit, p);
	return p->err;
}

/* How many, who runs now, and since when. */
static int take_lost(struct xen_pairs *p, unsigned int cpu, uint64_t tsc,
		     const struct xen_record *r)
{
	int err = flush(p, cpu);

	p->running[cpu] = r->words > 1 ? r->word[1] << 16 | r->word[1] >> 16 :
					 NOBODY;
	return err ? err : made_source_lost(p->to, cpu, r->word[0], tsc);
}

static void runs(struct xen_pairs *p, unsigned int cpu, uint32_t who,
		 uint64_t tsc)
{
	struct vcpu *v = vcpu_find(p, who);

	p->running[cpu] = who;
	if (v && v->stopped_tsc && tsc > v->stopped_tsc)
		v->stopped += tsc - v->stopped_tsc;
	if (v)
		v->stopped_tsc = 0;
}

static void stops(struct xen_pairs *p, unsigned int cpu, uint32_t who,
		  uint64_t tsc)
{
	struct vcpu *v = vcpu_find(p, who);

	if (p->running[cpu] == who)
		p->running[cpu] = NOBODY;
	if (v)
		v->stopped_tsc = tsc;
}

static void take_schedule(struct xen_pairs *p, unsigned int cpu, uint64_t tsc,
			  const struct xen_record *r)
{
	unsigned int from = r->event >> 8 & 15, to = r->event >> 4 & 15;
	uint32_t who = r->word[0];

	if (r->event == XEN_CONTINUE_RUNNING || !to)
		runs(p, cpu, who, tsc);
	else if (!from)
		stops(p, cpu, who, tsc);
}

static int take_guest(struct xen_pairs *p, unsigned int cpu, uint64_t tsc,
		      const struct xen_record *r, struct vcpu *v)
{
	int vector;

	switch (r->event & ~XEN_64) {
	case XEN_EXIT:
	case XEN_SVM_EXIT:
	case XEN_EXIT | XEN_NESTED:
	case XEN_SVM_EXIT | XEN_NESTED:
		return take_exit(p, v, cpu, tsc, r);
	case XEN_ENTRY:
	case XEN_ENTRY | XEN_NESTED:
		return take_entry(p, v, cpu, tsc);
	case XEN_PV_HYPERCALL:
	case XEN_PV_HYPERCALL_V2:
	case XEN_PV_SUBCALL:
		return take_pv_call(p, v, cpu, tsc, r);
	}
	vector = pv_vector(r);
	if (vector >= 0)
		return take_pv_trap(p, v, cpu, tsc, r, vector);
	if (v->exited)
		take_more(v, tsc, r);
	return 0;
}

static bool is_of_guest(uint32_t event)
{
	return (event & 0x0fff0000) == 0x00080000 ||
	       (event & 0x0fff0000) == 0x00200000;
}

/* Tells whether a record of nobody known is missed. */
static bool is_record(const struct xen_record *r)
{
	uint32_t event = r->event & ~(XEN_64 | XEN_NESTED);

	return event == XEN_EXIT || event == XEN_SVM_EXIT ||
	       event == XEN_PV_HYPERCALL || event == XEN_PV_HYPERCALL_V2 ||
	       event == XEN_PV_SUBCALL || pv_vector(r) >= 0;
}

int xen_pairs_add(struct xen_pairs *p, unsigned int cpu, uint64_t tsc,
		  const struct xen_record *r)
{
	struct vcpu *v;

	if (cpu >= ANCHOR_CPUS_MAX)
		return -E2BIG;
	if (r->event == XEN_LOST)
		return take_lost(p, cpu, tsc, r);
	if (xen_is_runstate(r->event) || r->event == XEN_CONTINUE_RUNNING) {
		take_schedule(p, cpu, tsc, r);
		return 0;
	}
	if (!is_of_guest(r->event))
		return 0;
	if (p->running[cpu] == NOBODY)
		return is_record(r) ? made_source_lost(p->to, cpu, 1, tsc) : 0;
	if (VCPU_OF(p->running[cpu]) >= ANCHOR_VCPUS_MAX)
		return -E2BIG;
	v = vcpu_of(p, p->running[cpu]);
	return v ? take_guest(p, cpu, tsc, r, v) : -ENOMEM;
}

int xen_pairs_end(struct xen_pairs *p)
{
	char name[16];
	int err = flush(p, ALL_CPUS);

	for (unsigned int vm = 0; vm < p->vms; vm++) {
		snprintf(name, sizeof(name), "d%u", p->domain[vm]);
		made_source_vm(p->to, vm, name, p->vcpu_count[vm]);
	}
	return err;
}

struct xen_pairs *xen_pairs_new(struct made_source *to)
{
	struct xen_pairs *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->to = to;
	for (unsigned int i = 0; i < ANCHOR_CPUS_MAX; i++)
		p->running[i] = NOBODY;
	return p;
}

void xen_pairs_isa(struct xen_pairs *p, enum event_isa isa)
{
	p->isa = isa;
}

void xen_pairs_free(struct xen_pairs *p)
{
	if (!p)
		return;
	tdestroy(p->vcpus, free);
	free(p);
}
