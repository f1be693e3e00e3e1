/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events: exceptions, interrupts and NMIs on their way into a guest, and
 * those whose delivery an exit broke off. Their order is decided here, and
 * for what each has to wait. A backend only translates: events.next into the
 * hardware's words before an entry, and a broken-off delivery into a call of
 * event_broken_off() after an exit.
 */
#ifndef VMM_CORE_VCPU_EVENT_H
#define VMM_CORE_VCPU_EVENT_H

#include "vmm-core/vcpu/vcpu.h"
#include "vmm-core/vcpu/vm.h"

/* Moments that have to exit, beside the usual ones. */
enum event_window {
	WINDOW_IRQ = 1 << 0,	/* the guest can take an interrupt */
	WINDOW_IRET = 1 << 1,	/* it is about to run IRET */
};

/* The PIC tells its vector only when asked for good. */
#define IRQ_OF_PIC	0

/* The vector that waits to be delivered, IRQ_OF_PIC, or -1 for none. */
static inline int event_irq_pending(struct vcpu *vcpu)
{
	int vector = lapic_pending(&vcpu->lapic);

	if (likely(vector < 0) && unlikely(vcpu->vm->platform.pic.output) &&
	    lapic_extint_enabled(&vcpu->lapic))
		return IRQ_OF_PIC;
	return vector;
}

/* event_prepare(), when there is something: irq as found pending. */
u32 event_choose(struct vcpu *vcpu, int irq);

/* Before every entry, with RIP, RFLAGS and shadow as they go in: fills
 * events.next, may change RFLAGS.TF. Returns the windows to open. */
static inline u32 event_prepare(struct vcpu *vcpu)
{
	int irq = event_irq_pending(vcpu);

	if (likely(irq < 0 && !vcpu->events.flags))
		return 0;
	return event_choose(vcpu, irq);
}

/* Nothing has to be done for the vCPU before it goes on: the CPU's timer comes
 * early enough, and no request or event waits. */
static inline bool event_calm(const struct vcpu *vcpu)
{
	const struct platform *p = &vcpu->vm->platform;

	return likely(!requests_waiting(&vcpu->requests) &&
		      !vcpu->events.flags && !vcpu->lapic.irr_any &&
		      !p->pic.output &&
		      p->bus.next_tsc >= vcpu->cpu->timer_deadline);
}

/* An exit came while the CPU delivered this. */
void event_broken_off(struct vcpu *vcpu, struct guest_event event);
/* Delivers an exception instead of completing the instruction. */
void event_raise(struct vcpu *vcpu, struct guest_event exception);
/* An NMI arrives. */
void event_nmi(struct vcpu *vcpu);
/* The guest is about to run the IRET at RIP (WINDOW_IRET). */
void event_iret(struct vcpu *vcpu);
/* A debug exception that ends a step of ours: true if it is nothing else. */
bool event_step_done(struct vcpu *vcpu);

/* Whether something that waits ends a HLT. */
static inline bool event_wakes(struct vcpu *vcpu)
{
	u32 flags = vcpu->events.flags;

	if (unlikely((flags & (NMI_WAITS | NMI_BLOCKED)) == NMI_WAITS))
		return true;
	return vcpu->rflags & RFLAGS_IF &&
	       (flags & IRQ_HELD || event_irq_pending(vcpu) >= 0);
}

/* Instead of completing the instruction; RIP stays on it. */
void vcpu_inject_gp(struct vcpu *vcpu);
void vcpu_inject_ud(struct vcpu *vcpu);
void vcpu_inject_pf(struct vcpu *vcpu, u64 gva, u32 error);

#endif
