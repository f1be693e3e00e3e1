/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events that interrupt a guest, and their order: interrupts, NMIs and their
 * blocking until IRET, exceptions upon exceptions, and events that an exit
 * broke off. The backend here is one that takes events.next and remembers.
 */
#include "tests/unit/core_vm.h"

#include "vmm-core/dev/irq/apic_bus.c"
#include "vmm-core/dev/irq/lapic.c"
#include "vmm-core/dev/irq/lapic_timer.c"
#include "vmm-core/vcpu/event.c"

static struct vcpu *vcpu;
static struct vcpu_regs regs;
static struct anchor_vcpu pub;
static const char *crashed;

u8 pic_acknowledge(struct pic *pic)
{
	pic->output = false;
	return 0x28;
}

void vm_crash(struct vcpu *v, const struct exit_info *exit, const char *what)
{
	(void)v;
	(void)exit;
	crashed = what;
}

static void get_regs(struct vcpu *v, struct vcpu_regs *r)
{
	(void)v;
	*r = regs;
}

static void set_regs(struct vcpu *v, const struct vcpu_regs *r)
{
	(void)v;
	regs = *r;
}

static const struct hv_ops ops = { .get_regs = get_regs, .set_regs = set_regs };


static int setup(void **state)
{
	(void)state;
	test_vm_init(1);
	hv = &ops;
	vcpu = &test_vcpu[0];
	memset(&pub, 0, sizeof(pub));
	memset(&regs, 0, sizeof(regs));
	vcpu->pub = &pub;
	vcpu->rip = 0x1000;
	vcpu->rflags = RFLAGS_ONE | RFLAGS_IF;
	lapic_init(&vcpu->lapic, 0);
	vcpu->lapic.svr |= SVR_ENABLED;
	crashed = NULL;
	return 0;
}

static u32 windows;

/* One entry: what goes in, if anything. */
static struct guest_event enter(void)
{
	struct guest_event in;

	windows = event_prepare(vcpu);
	in = vcpu->events.next;
	vcpu->events.next.type = GUEST_EVENT_NONE;
	return in;
}

static void goes_in(u8 type, u8 vector)
{
	struct guest_event in = enter();

	assert_int_equal(in.type, type);
	assert_int_equal(in.vector, vector);
}

static void nothing_goes_in(void)
{
	assert_int_equal(enter().type, GUEST_EVENT_NONE);
}

static void raise_vector(u8 vector)
{
	event_raise(vcpu, (struct guest_event){ .type = GUEST_EVENT_EXCEPTION,
						.vector = vector });
}

static void broken(u8 type, u8 vector)
{
	event_broken_off(vcpu, (struct guest_event){ .type = type,
						     .vector = vector });
}

static void interrupts_wait_for_their_window(void **state)
{
	(void)state;
	nothing_goes_in();
	assert_int_equal(windows, 0);
	vcpu->rflags &= ~RFLAGS_IF;
	lapic_post(&vcpu->lapic, 0x41, false);
	nothing_goes_in();
	assert_int_equal(windows, WINDOW_IRQ);
	vcpu->rflags |= RFLAGS_IF;
	vcpu->irq_shadow = true;
	nothing_goes_in();
	assert_int_equal(windows, WINDOW_IRQ);
	vcpu->irq_shadow = false;
	goes_in(GUEST_EVENT_IRQ, 0x41);
	assert_int_equal(windows, 0);
	assert_int_equal(pub.irqs_injected, 1);
	nothing_goes_in();
}

static void the_pic_tells_its_vector_last(void **state)
{
	(void)state;
	vcpu->lapic.lvt[LVT_LINT0] = APIC_EXTINT << 8;
	test_vm.platform.pic.output = true;
	vcpu->rflags &= ~RFLAGS_IF;
	nothing_goes_in();
	assert_true(test_vm.platform.pic.output);
	vcpu->rflags |= RFLAGS_IF;
	goes_in(GUEST_EVENT_IRQ, 0x28);
}

static void an_exception_goes_before_an_interrupt(void **state)
{
	(void)state;
	lapic_post(&vcpu->lapic, 0x41, false);
	vcpu_inject_pf(vcpu, 0x1234, 2);
	assert_int_equal(vcpu->events.next.cr2, 0x1234);
	assert_int_equal(vcpu->events.next.error, 2);
	goes_in(GUEST_EVENT_EXCEPTION, VECTOR_PF);
	assert_int_equal(windows, WINDOW_IRQ);
	goes_in(GUEST_EVENT_IRQ, 0x41);
}

static void what_was_broken_off_goes_in_again(void **state)
{
	(void)state;
	lapic_post(&vcpu->lapic, 0x41, false);
	goes_in(GUEST_EVENT_IRQ, 0x41);
	broken(GUEST_EVENT_IRQ, 0x41);
	/* whatever IF says now: it was accepted */
	vcpu->rflags &= ~RFLAGS_IF;
	goes_in(GUEST_EVENT_IRQ, 0x41);
	assert_int_equal(pub.irqs_injected, 1);
	broken(GUEST_EVENT_EXCEPTION, VECTOR_GP);
	assert_true(vcpu->events.flags & BROKEN_OFF);
	goes_in(GUEST_EVENT_EXCEPTION, VECTOR_GP);
	assert_false(vcpu->events.flags & BROKEN_OFF);
	/* RIP is still on the INT n */
	broken(GUEST_EVENT_SOFT, 0x80);
	nothing_goes_in();
}

static void a_broken_off_interrupt_gives_way(void **state)
{
	(void)state;
	broken(GUEST_EVENT_IRQ, 0x41);
	raise_vector(VECTOR_DB);
	goes_in(GUEST_EVENT_EXCEPTION, VECTOR_DB);
	assert_int_equal(windows, WINDOW_IRQ);
	vcpu->rflags &= ~RFLAGS_IF;	/* in its handler */
	nothing_goes_in();
	assert_int_equal(windows, WINDOW_IRQ);
	vcpu->rflags |= RFLAGS_IF;
	/* in front of another one, and not counted again */
	lapic_post(&vcpu->lapic, 0x91, false);
	goes_in(GUEST_EVENT_IRQ, 0x41);
	assert_int_equal(pub.irqs_injected, 0);
	goes_in(GUEST_EVENT_IRQ, 0x91);
}

static void exceptions_upon_exceptions(void **state)
{
	static const struct { u8 first, second, result; } rows[] = {
		{ VECTOR_GP, VECTOR_GP, VECTOR_DF },
		{ VECTOR_GP, VECTOR_PF, VECTOR_PF },
		{ VECTOR_PF, VECTOR_PF, VECTOR_DF },
		{ VECTOR_PF, VECTOR_NP, VECTOR_DF },
		{ VECTOR_DE, VECTOR_SS, VECTOR_DF },
		{ VECTOR_DB, VECTOR_GP, VECTOR_GP },
		{ VECTOR_GP, VECTOR_DB, VECTOR_DB },
		{ VECTOR_UD, VECTOR_GP, VECTOR_GP },
		{ VECTOR_DF, VECTOR_DB, VECTOR_DB },
	};

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		broken(GUEST_EVENT_EXCEPTION, rows[i].first);
		raise_vector(rows[i].second);
		assert_null(crashed);
		goes_in(GUEST_EVENT_EXCEPTION, rows[i].result);
	}
	broken(GUEST_EVENT_EXCEPTION, VECTOR_DF);
	raise_vector(VECTOR_PF);
	assert_string_equal(crashed, "triple fault");
}

static void nmis_are_blocked_until_iret(void **state)
{
	(void)state;
	vcpu->rflags &= ~RFLAGS_IF;
	event_nmi(vcpu);
	goes_in(GUEST_EVENT_NMI, VECTOR_NMI);
	assert_int_equal(windows, WINDOW_IRET);
	/* two more in its handler are one */
	event_nmi(vcpu);
	event_nmi(vcpu);
	nothing_goes_in();
	assert_int_equal(windows, WINDOW_IRET);
	assert_false(event_wakes(vcpu));
	/* about to run IRET: stepped over, and nothing else goes in */
	event_iret(vcpu);
	lapic_post(&vcpu->lapic, 0x41, false);
	nothing_goes_in();
	assert_int_equal(windows, 0);
	assert_true(vcpu->rflags & RFLAGS_TF);
	regs.dr6 = DR6_BS;
	vcpu->rip = 0x2000;
	vcpu->rflags = RFLAGS_ONE;	/* as IRET loaded it */
	assert_true(event_step_done(vcpu));
	assert_int_equal(regs.dr6, 0);
	goes_in(GUEST_EVENT_NMI, VECTOR_NMI);
	event_iret(vcpu);
	nothing_goes_in();
	vcpu->rip = 0x3000;
	nothing_goes_in();
	assert_int_equal(windows, WINDOW_IRQ);
	assert_int_equal(vcpu->events.flags, 0);
}

static void iret_alone_needs_no_step(void **state)
{
	(void)state;
	event_nmi(vcpu);
	goes_in(GUEST_EVENT_NMI, VECTOR_NMI);
	event_iret(vcpu);
	nothing_goes_in();
	assert_false(vcpu->rflags & RFLAGS_TF);
	/* one comes at an exit before IRET has run, one after it */
	event_nmi(vcpu);
	nothing_goes_in();
	assert_true(vcpu->rflags & RFLAGS_TF);
	vcpu->rip += 2;
	goes_in(GUEST_EVENT_NMI, VECTOR_NMI);
	/* another exit than a debug exception: TF is taken back */
	assert_false(vcpu->rflags & RFLAGS_TF);
}

static void a_shadow_holds_nmis_back(void **state)
{
	(void)state;
	vcpu->irq_shadow = true;
	event_nmi(vcpu);
	nothing_goes_in();
	assert_true(vcpu->rflags & RFLAGS_TF);
	vcpu->irq_shadow = false;
	vcpu->rip += 3;
	regs.dr6 = DR6_BS | BIT(0);
	/* the guest's own breakpoint came with it */
	assert_false(event_step_done(vcpu));
	assert_int_equal(regs.dr6, BIT(0));
	assert_false(vcpu->rflags & RFLAGS_TF);
	goes_in(GUEST_EVENT_NMI, VECTOR_NMI);
}

static void a_guest_that_steps_itself_keeps_its_steps(void **state)
{
	(void)state;
	vcpu->rflags |= RFLAGS_TF;
	vcpu->irq_shadow = true;
	event_nmi(vcpu);
	nothing_goes_in();
	vcpu->irq_shadow = false;
	regs.dr6 = DR6_BS;
	assert_false(event_step_done(vcpu));
	assert_true(vcpu->rflags & RFLAGS_TF);
	assert_int_equal(regs.dr6, DR6_BS);
}

/* An instruction that the core completes, in a guest that steps itself. */
static void completed_instructions_are_steps(void **state)
{
	struct exit_info exit = { 0 };

	(void)state;
	vcpu->rflags |= RFLAGS_TF | RFLAGS_RF;
	vcpu_skip(vcpu, &exit, 2);
	assert_int_equal(vcpu->rip, 0x1002);
	assert_false(vcpu->rflags & RFLAGS_RF);
	assert_true(regs.dr6 & DR6_BS);
	goes_in(GUEST_EVENT_EXCEPTION, VECTOR_DB);
	vcpu->rflags &= ~RFLAGS_TF;
	vcpu_skip(vcpu, &exit, 2);
	nothing_goes_in();
}

/* The guest must not see a step of ours. */
static void a_step_of_ours_is_no_trap(void **state)
{
	struct exit_info exit = { 0 };

	(void)state;
	vcpu->events.flags = STEPPING;
	vcpu->rflags |= RFLAGS_TF;
	vcpu_skip(vcpu, &exit, 2);
	assert_int_equal(vcpu->events.next.type, GUEST_EVENT_NONE);
	vcpu->events.flags = STEPPING | STEPPING_OWN;
	vcpu_skip(vcpu, &exit, 2);
	assert_int_equal(vcpu->events.next.vector, VECTOR_DB);
}

static void an_nmi_waits_for_a_delivery(void **state)
{
	(void)state;
	event_nmi(vcpu);
	broken(GUEST_EVENT_EXCEPTION, VECTOR_GP);
	goes_in(GUEST_EVENT_EXCEPTION, VECTOR_GP);
	assert_int_equal(test_self_kicks, 1);
	goes_in(GUEST_EVENT_NMI, VECTOR_NMI);
}

static void a_broken_off_nmi(void **state)
{
	(void)state;
	event_nmi(vcpu);
	goes_in(GUEST_EVENT_NMI, VECTOR_NMI);
	broken(GUEST_EVENT_NMI, VECTOR_NMI);
	goes_in(GUEST_EVENT_NMI, VECTOR_NMI);
	assert_int_equal(windows, WINDOW_IRET);
	/* gives way to an exception, and is not blocked by itself */
	broken(GUEST_EVENT_NMI, VECTOR_NMI);
	raise_vector(VECTOR_DB);
	goes_in(GUEST_EVENT_EXCEPTION, VECTOR_DB);
	goes_in(GUEST_EVENT_NMI, VECTOR_NMI);
}

static void what_wakes(void **state)
{
	(void)state;
	assert_false(event_wakes(vcpu));
	lapic_post(&vcpu->lapic, 0x41, false);
	assert_true(event_wakes(vcpu));
	vcpu->rflags &= ~RFLAGS_IF;
	assert_false(event_wakes(vcpu));
	event_nmi(vcpu);
	assert_true(event_wakes(vcpu));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		TEST(interrupts_wait_for_their_window),
		TEST(the_pic_tells_its_vector_last),
		TEST(an_exception_goes_before_an_interrupt),
		TEST(what_was_broken_off_goes_in_again),
		TEST(a_broken_off_interrupt_gives_way),
		TEST(exceptions_upon_exceptions),
		TEST(nmis_are_blocked_until_iret),
		TEST(iret_alone_needs_no_step),
		TEST(a_shadow_holds_nmis_back),
		TEST(a_guest_that_steps_itself_keeps_its_steps),
		TEST(completed_instructions_are_steps),
		TEST(a_step_of_ours_is_no_trap),
		TEST(an_nmi_waits_for_a_delivery),
		TEST(a_broken_off_nmi),
		TEST(what_wakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
