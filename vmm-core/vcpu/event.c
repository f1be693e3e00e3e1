/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The order of events, as a CPU has it: AMD64 Architecture Programmer's
 * Manual, volume 2, "Exceptions and Interrupts"; "Double-Fault Exception"
 * says which exceptions make another one a double fault.
 *
 * NMIs are blocked from the delivery of one until the IRET that ends its
 * handler. WINDOW_IRET shows that IRET before it runs; an NMI that waits
 * then needs an exit right behind it, and gets it by a single step.
 */
#include "vmm-core/vcpu/event.h"

#include "vmm-core/cpu/cpu.h"
#include "vmm-core/vcpu/backend.h"
#include "vmm-core/lib/x86_regs.h"

#define DR6_OTHERS	(BIT(0) | BIT(1) | BIT(2) | BIT(3) | BIT(13) | BIT(15))

static void next_set(struct vcpu *vcpu, struct guest_event event)
{
	vcpu->events.next = event;
}

static bool irq_possible(const struct vcpu *vcpu)
{
	return vcpu->rflags & RFLAGS_IF && !vcpu->irq_shadow;
}

/* Accepts the vector that was found pending, or that gave way before. */
static u8 irq_accept(struct vcpu *vcpu, int irq)
{
	struct vcpu_events *e = &vcpu->events;

	if (e->flags & IRQ_HELD) {
		e->flags &= ~(u32)IRQ_HELD;
		return e->irq_held;
	}
	vcpu->pub->irqs_injected++;
	if (irq == IRQ_OF_PIC)
		return pic_acknowledge(&vcpu->vm->platform.pic);
	lapic_accept(&vcpu->lapic, irq);
	return (u8)irq;
}

/* One instruction, then an exit: no window tells when it is through. */
static void step_begin(struct vcpu *vcpu)
{
	vcpu->events.flags |= STEPPING;
	if (vcpu->rflags & RFLAGS_TF)
		vcpu->events.flags |= STEPPING_OWN;
	vcpu->rflags |= RFLAGS_TF;
}

/* Another exit came first; the step begins anew if it is still wanted. */
static void step_cancel(struct vcpu *vcpu)
{
	struct vcpu_events *e = &vcpu->events;

	if (!(e->flags & STEPPING_OWN))
		vcpu->rflags &= ~RFLAGS_TF;
	e->flags &= ~(u32)(STEPPING | STEPPING_OWN);
}

bool event_step_done(struct vcpu *vcpu)
{
	struct vcpu_events *e = &vcpu->events;
	bool own = e->flags & STEPPING_OWN, iret = e->flags & NMI_LEAVES;
	struct vcpu_regs regs;
	bool others;

	e->flags &= ~(u32)(STEPPING | STEPPING_OWN);
	/* IRET has loaded the guest's RFLAGS, any other left ours there */
	if (iret)
		e->flags &= ~(u32)(NMI_BLOCKED | NMI_LEAVES);
	else if (!own)
		vcpu->rflags &= ~RFLAGS_TF;
	if (own)
		return false;
	hv->get_regs(vcpu, &regs);
	others = regs.dr6 & DR6_OTHERS;
	regs.dr6 &= ~DR6_BS;
	hv->set_regs(vcpu, &regs);
	return !others;
}

/* TF is the guest's, or a step of ours. */
void vcpu_trap(struct vcpu *vcpu)
{
	struct vcpu_regs regs;

	if ((vcpu->events.flags & (STEPPING | STEPPING_OWN)) == STEPPING)
		return;
	hv->get_regs(vcpu, &regs);
	regs.dr6 |= DR6_BS;
	hv->set_regs(vcpu, &regs);
	event_raise(vcpu, (struct guest_event){
		.type = GUEST_EVENT_EXCEPTION, .vector = VECTOR_DB });
}

void vcpu_completed(struct vcpu *vcpu)
{
	vcpu->rflags &= ~RFLAGS_RF;
	if (vcpu->rflags & RFLAGS_TF)
		vcpu_trap(vcpu);
}

void event_nmi(struct vcpu *vcpu)
{
	vcpu->events.flags |= NMI_WAITS;
}

void event_iret(struct vcpu *vcpu)
{
	vcpu->events.flags |= NMI_LEAVES;
	vcpu->events.iret_rip = vcpu->rip;
}

/* Lets the NMI that waits in, or returns the window that shows when. */
static u32 nmi_choose(struct vcpu *vcpu)
{
	struct vcpu_events *e = &vcpu->events;

	if (e->flags & NMI_BLOCKED && !(e->flags & NMI_LEAVES))
		return WINDOW_IRET;
	if (e->next.type != GUEST_EVENT_NONE) {
		/* the kick makes the guest exit once that is delivered */
		cpu_kick(vcpu->cpu);
		return 0;
	}
	if (e->flags & NMI_BLOCKED || vcpu->irq_shadow) {
		step_begin(vcpu);
		return 0;
	}
	next_set(vcpu, (struct guest_event){ .type = GUEST_EVENT_NMI,
					     .vector = VECTOR_NMI });
	e->flags = (e->flags & ~(u32)NMI_WAITS) | NMI_BLOCKED;
	return WINDOW_IRET;
}

static u32 __cold flags_choose(struct vcpu *vcpu)
{
	struct vcpu_events *e = &vcpu->events;

	e->flags &= ~(u32)BROKEN_OFF;
	if (e->flags & STEPPING)
		step_cancel(vcpu);
	if (e->flags & NMI_LEAVES && vcpu->rip != e->iret_rip)
		e->flags &= ~(u32)(NMI_BLOCKED | NMI_LEAVES);
	if (e->flags & NMI_WAITS)
		return nmi_choose(vcpu);
	return e->flags & NMI_BLOCKED && !(e->flags & NMI_LEAVES) ?
		WINDOW_IRET : 0;
}

u32 event_choose(struct vcpu *vcpu, int irq)
{
	struct vcpu_events *e = &vcpu->events;
	u32 windows = 0;

	if (unlikely(e->flags))
		windows = flags_choose(vcpu);
	/* a step ends with an exit; nothing else goes in with our TF */
	if (unlikely(e->flags & STEPPING))
		return windows;
	if (irq < 0 && !(e->flags & IRQ_HELD))
		return windows;
	if (e->next.type != GUEST_EVENT_NONE || !irq_possible(vcpu))
		return windows | WINDOW_IRQ;
	next_set(vcpu, (struct guest_event){ .type = GUEST_EVENT_IRQ,
					     .vector = irq_accept(vcpu, irq) });
	return windows;
}

/* An instruction raises its own event again: RIP is still on it. */
void event_broken_off(struct vcpu *vcpu, struct guest_event event)
{
	vcpu->events.flags |= BROKEN_OFF;
	if (event.type != GUEST_EVENT_SOFT)
		next_set(vcpu, event);
}

static bool is_contributory(u8 vector)
{
	return vector == VECTOR_DE ||
	       (vector >= VECTOR_TS && vector <= VECTOR_GP);
}

/* Exception by exception: does the second one make a double fault? */
static bool makes_double_fault(u8 first, u8 second)
{
	if (is_contributory(first))
		return is_contributory(second);
	return first == VECTOR_PF &&
	       (second == VECTOR_PF || is_contributory(second));
}

/* An exception while another event was broken off, and is first. */
static void __cold raise_second(struct vcpu *vcpu, struct guest_event first,
				struct guest_event exception)
{
	struct vcpu_events *e = &vcpu->events;

	switch ((enum guest_event_type)first.type) {
	case GUEST_EVENT_NONE:
	case GUEST_EVENT_SOFT:
		return;
	case GUEST_EVENT_IRQ:
		e->irq_held = first.vector;
		e->flags |= IRQ_HELD;
		return;
	case GUEST_EVENT_NMI:
		e->flags = (e->flags & ~(u32)NMI_BLOCKED) | NMI_WAITS;
		return;
	case GUEST_EVENT_EXCEPTION:
		break;
	}
	/* where neither follows, the first one's cause is still there and
	 * raises it again later */
	if (first.vector == VECTOR_DF && (is_contributory(exception.vector) ||
					  exception.vector == VECTOR_PF))
		vm_crash(vcpu, &vcpu->exit, "triple fault");
	else if (makes_double_fault(first.vector, exception.vector))
		next_set(vcpu, (struct guest_event){
			.type = GUEST_EVENT_EXCEPTION, .vector = VECTOR_DF,
			.has_error = true });
}

void event_raise(struct vcpu *vcpu, struct guest_event exception)
{
	struct guest_event first = vcpu->events.next;

	next_set(vcpu, exception);
	if (unlikely(first.type != GUEST_EVENT_NONE))
		raise_second(vcpu, first, exception);
}

void vcpu_inject_ud(struct vcpu *vcpu)
{
	event_raise(vcpu, (struct guest_event){
		.type = GUEST_EVENT_EXCEPTION, .vector = VECTOR_UD });
}

void vcpu_inject_gp(struct vcpu *vcpu)
{
	event_raise(vcpu, (struct guest_event){
		.type = GUEST_EVENT_EXCEPTION, .vector = VECTOR_GP,
		.has_error = true });
}

void vcpu_inject_pf(struct vcpu *vcpu, u64 gva, u32 error)
{
	event_raise(vcpu, (struct guest_event){
		.type = GUEST_EVENT_EXCEPTION, .vector = VECTOR_PF,
		.has_error = true, .error = error, .cr2 = gva });
}
