/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of a vCPU: legal states, the loop between exits, and requests
 * acted upon. The backend here has no guest: its run() plays a script.
 */
#include "tests/unit/core_vm.h"

/* time passes and things happen while the CPU sleeps */
static void (*asleep)(void);
#define irq_wait()	(test_tsc += 100, asleep())

#include "vmm-core/dev/irq/apic_bus.c"
#include "vmm-core/dev/irq/lapic.c"
#include "vmm-core/dev/irq/lapic_timer.c"
#include "vmm-core/vcpu/event.c"
#include "vmm-core/vcpu/reset.c"
#include "vmm-core/vcpu/tag.c"
#define hv		run_hv
#include "vmm-core/vcpu/run.c"
#undef hv
#include "vmm-core/vcpu/vcpu.c"

static struct vcpu *vcpu;
static struct anchor_vcpu pub;
static struct vcpu_regs regs;
static struct ring *ring;
static jmp_buf panicked;
static char panic[128];
static unsigned int loads, saves, runs;
static u64 ring_space[(RING_DATA_OFFSET + 64 * EVENT_SLOT_BYTES) / 8]
	__aligned(4096);

void panic_printk(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(panic, sizeof(panic), fmt, args);
	va_end(args);
	longjmp(panicked, 1);
}

static bool ioapic_nmi;

bool ioapic_wakes_all(const struct ioapic *ioapic)
{
	(void)ioapic;
	return ioapic_nmi;
}

u8 pic_acknowledge(struct pic *pic)
{
	(void)pic;
	return 0;
}

void vm_crash(struct vcpu *v, const struct exit_info *exit, const char *what)
{
	(void)what;
	vm_stop(v, VM_STATE_CRASHED, exit);
}

static unsigned int ticks;

void bus_tick(struct bus *bus, u64 now)
{
	(void)now;
	bus->next_tsc = TSC_NEVER;
	ticks++;
}

void vm_devices_poll(struct vm *vm)
{
	vm->platform.bus.next_tsc = 0;
}

void cpu_timer_arm(struct cpu *cpu, u64 deadline_tsc)
{
	cpu->timer_deadline = deadline_tsc;
}

void context_load(struct vcpu *v)
{
	(void)v;
	loads++;
}

void context_save(struct vcpu *v)
{
	(void)v;
	saves++;
}

void context_reset(void)
{
}

void trace_tlb_flush(struct trace_vcpu of, const struct trace_flush *flush)
{
	(void)of;
	(void)flush;
}

void trace_vm_state(struct trace_vcpu of, enum vm_state state, u32 raw_code,
		    u64 rip)
{
	(void)of;
	(void)state;
	(void)raw_code;
	(void)rip;
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

/* The guest's act at each exit, in turn. */
static void (*script[4])(void);

static enum run_end run(struct vcpu *v)
{
	enum run_end end;

	do {
		if (v->exit_open)
			vcpu_exit_close(v, ISA_SVM);
		assert_int_equal(v->state, VCPU_RUNNING);
		assert_int_equal(pub.running, 1);
		assert_true(runs < ARRAY_SIZE(script) && script[runs]);
		v->exit = (struct exit_info){ .tsc = test_tsc,
					      .reason = EXIT_HLT };
		script[runs++]();
		v->exit_open = true;
		end = vcpu_prepare_entry(v);
	} while (end == RUN_ENTER);
	return end;
}

static const struct hv_ops ops = {
	.isa = ISA_SVM, .run = run, .get_regs = get_regs, .set_regs = set_regs,
};

static void never_sleeps(void)
{
	fail();
}

static int setup(void **state)
{
	(void)state;
	test_vm_init(2);
	hv = run_hv = &ops;
	ring = (struct ring *)ring_space;
	memset(ring_space, 0, sizeof(ring_space));
	ring_init(ring, 0, 64);
	test_cpu.ring = ring;
	test_cpu.timer_deadline = TSC_NEVER;
	test_vm.platform.bus.next_tsc = TSC_NEVER;
	machine_stop_tsc = TSC_NEVER;
	memset(&pub, 0, sizeof(pub));
	memset(&regs, 0, sizeof(regs));
	memset(script, 0, sizeof(script));
	for (u32 i = 0; i < 2; i++) {
		test_vcpu[i].pub = &pub;
		lapic_init(&test_vcpu[i].lapic, i);
		test_vcpu[i].lapic.svr |= SVR_ENABLED;
		test_vcpu[i].rflags = RFLAGS_ONE | RFLAGS_IF;
	}
	vcpu = &test_vcpu[0];
	asleep = never_sleeps;
	ioapic_nmi = false;
	loads = saves = runs = 0;
	return 0;
}

static void stops(void)
{
	vm_stop(vcpu, VM_STATE_OFF, NULL);
}

static void halts(void)
{
	vcpu_set_state(vcpu, VCPU_HALTED);
}

static const struct event_vmexit *record(unsigned int i)
{
	return (const void *)((u8 *)ring + RING_DATA_OFFSET +
			      i * EVENT_SLOT_BYTES);
}

static bool may_become(enum vcpu_state from, enum vcpu_state to)
{
	vcpu->state = from;
	if (setjmp(panicked))
		return false;
	vcpu_set_state(vcpu, to);
	assert_int_equal(vcpu->state, to);
	assert_int_equal(pub.running, to == VCPU_RUNNING);
	return true;
}

static void only_legal_states_follow(void **state)
{
	static const char *const legal[VCPU_STATES] = {
		/* columns: new ready running halted wait-sipi stopped */
		[VCPU_NEW] =		"-y--y-",
		[VCPU_READY] =		"--y--y",
		[VCPU_RUNNING] =	"-y-yyy",
		[VCPU_HALTED] =		"--y-yy",
		[VCPU_WAIT_SIPI] =	"--y--y",
		[VCPU_STOPPED] =	"------",
	};

	(void)state;
	for (unsigned int from = 0; from < VCPU_STATES; from++)
		for (unsigned int to = 0; to < VCPU_STATES; to++)
			assert_int_equal(may_become(from, to),
					 legal[from][to] == 'y');
	assert_string_equal(panic,
			    "vCPU 0 cannot become stopped: it is stopped");
}

static void it_runs_until_it_stops(void **state)
{
	(void)state;
	vcpu_set_state(vcpu, VCPU_READY);
	script[0] = stops;
	vcpu_run(vcpu);
	assert_int_equal(vcpu->state, VCPU_STOPPED);
	assert_int_equal(pub.running, 0);
	/* the last exit has its record */
	assert_int_equal(pub.exits, 1);
	assert_int_equal(ring->head, 1);
	assert_false(vcpu->exit_open);
	assert_int_equal(loads, 1);
	assert_int_equal(saves, 1);
}

static unsigned int sleeps;

static void interrupt_comes(void)
{
	assert_int_equal(vcpu->state, VCPU_HALTED);
	assert_int_equal(pub.running, 0);
	if (++sleeps == 3)
		lapic_post(&vcpu->lapic, 0x41, false);
}

static void a_halted_one_sleeps_until_an_interrupt(void **state)
{
	(void)state;
	vcpu_set_state(vcpu, VCPU_READY);
	sleeps = 0;
	asleep = interrupt_comes;
	script[0] = halts;
	script[1] = stops;
	vcpu_run(vcpu);
	assert_int_equal(sleeps, 3);
	assert_int_equal(record(0)->blocked_cycles, 300);
	assert_int_equal(record(0)->handle_cycles, 0);
	assert_int_equal(record(1)->blocked_cycles, 0);
}

static void halts_with_an_nmi(void)
{
	vcpu->rflags &= ~RFLAGS_IF;
	halts();
	request_post(&vcpu->requests, REQUEST_NMI);
}

static void an_nmi_ends_a_halt(void **state)
{
	(void)state;
	vcpu_set_state(vcpu, VCPU_READY);
	script[0] = halts_with_an_nmi;
	script[1] = stops;
	vcpu_run(vcpu);
	assert_int_equal(runs, 2);
	assert_int_equal(vcpu->events.flags, NMI_WAITS);
}

static void halts_deaf(void)
{
	vcpu->rflags &= ~RFLAGS_IF;
	halts();
}

static void the_last_one_asleep_ends_the_vm(void **state)
{
	(void)state;
	vcpu_set_state(vcpu, VCPU_READY);
	test_vcpu[1].asleep = true;
	script[0] = halts_deaf;
	vcpu_run(vcpu);
	assert_int_equal(test_stopped, VM_STATE_HALTED);
}

static void wakes_the_first(void)
{
	request_post(&vcpu->requests, REQUEST_NMI);
}

static void one_that_may_be_woken_does_not(void **state)
{
	(void)state;
	vcpu_set_state(vcpu, VCPU_READY);
	asleep = wakes_the_first;
	script[0] = halts_deaf;		/* the other one runs */
	script[1] = stops;
	vcpu_run(vcpu);
	assert_int_equal(test_stopped, VM_STATE_OFF);
	assert_false(vcpu->asleep);
	/* the other one sleeps, but has been sent something */
	vcpu->state = VCPU_READY;
	vcpu->requests.mask = 0;	/* STOP */
	test_vcpu[1].asleep = true;
	request_post(&test_vcpu[1].requests, REQUEST_NMI);
	runs = 0;
	vcpu->events.flags = 0;
	vcpu_run(vcpu);
	assert_int_equal(test_stopped, VM_STATE_OFF);
}

static void nor_one_that_a_device_may_wake(void **state)
{
	(void)state;
	vcpu_set_state(vcpu, VCPU_READY);
	test_vcpu[1].asleep = ioapic_nmi = true;
	asleep = wakes_the_first;
	script[0] = halts_deaf;
	script[1] = stops;
	vcpu_run(vcpu);
	assert_int_equal(test_stopped, VM_STATE_OFF);
}

static void posted_from_elsewhere(void)
{
	static struct cpu elsewhere;

	vcpu->cpu = vcpu->requests.cpu = &elsewhere;
	lapic_post(&vcpu->lapic, 0x41, false);
	vcpu->cpu = vcpu->requests.cpu = &test_cpu;
	assert_int_equal(lapic_pending(&vcpu->lapic), -1);
}

static void collects(void)
{
	assert_int_equal(lapic_pending(&vcpu->lapic), 0x41);
	stops();
}

static void posted_interrupts_are_collected(void **state)
{
	(void)state;
	vcpu_set_state(vcpu, VCPU_READY);
	script[0] = posted_from_elsewhere;
	script[1] = collects;
	vcpu_run(vcpu);
	assert_int_equal(test_kicks, 1);
}

static void the_time_is_up(void)
{
	machine_stop_tsc = test_tsc;
}

static void the_end_of_the_time_stops(void **state)
{
	(void)state;
	vcpu_set_state(vcpu, VCPU_READY);
	script[0] = the_time_is_up;
	vcpu_run(vcpu);
	assert_int_equal(test_stopped, VM_STATE_TIMEOUT);
}

static void has_ticked(void)
{
	assert_int_equal(ticks, 1);
	stops();
}

static void a_note_makes_devices_tick(void **state)
{
	(void)state;
	ticks = 0;
	vcpu_set_state(vcpu, VCPU_READY);
	request_post(&vcpu->requests, REQUEST_DEVICE);
	script[0] = has_ticked;
	vcpu_run(vcpu);
	assert_int_equal(runs, 1);
}

static void flush_is_due(void)
{
	assert_true(vcpu->tag.flush);
	assert_int_equal(vcpu->tag.cause, TLB_CAUSE_NPT_CHANGED);
	stops();
}

static void a_flush_is_asked_of_the_tag(void **state)
{
	(void)state;
	vcpu_set_state(vcpu, VCPU_READY);
	request_post(&vcpu->requests, REQUEST_FLUSH);
	script[0] = flush_is_due;
	vcpu_run(vcpu);
	assert_int_equal(runs, 1);
}

static void sends_init(void)
{
	request_post(&vcpu->requests, REQUEST_INIT);
}

static void init_of_the_first_resets_the_vm(void **state)
{
	(void)state;
	vcpu_set_state(vcpu, VCPU_READY);
	script[0] = sends_init;
	vcpu_run(vcpu);
	assert_int_equal(test_stopped, VM_STATE_RESET);
	assert_int_equal(vcpu->state, VCPU_STOPPED);
}

static void sipi_comes(void)
{
	assert_int_equal(vcpu->state, VCPU_WAIT_SIPI);
	/* neither of these ends the wait */
	lapic_post(&vcpu->lapic, 0x41, false);
	if (++sleeps == 2)
		request_post_sipi(&vcpu->requests, 0x9a);
}

static void started(void)
{
	assert_int_equal(vcpu->rip, 0);
	assert_int_equal(regs.seg[SEG_CS].selector, 0x9a00);
	assert_int_equal(regs.seg[SEG_CS].base, 0x9a000);
	vcpu->gpr[RBX] = 1;
	vcpu->rip = 0x1234;
	regs.efer = 1;
	regs.star = 77;
	/* to one that runs, it means nothing */
	request_post_sipi(&vcpu->requests, 0x55);
}

static void still_runs(void)
{
	assert_int_equal(vcpu->rip, 0x1234);
	sends_init();
}

static void was_reset(void)
{
	assert_int_equal(vcpu->state, VCPU_WAIT_SIPI);
	assert_int_equal(vcpu->rip, 0xfff0);
	assert_int_equal(vcpu->rflags, RFLAGS_ONE);
	assert_int_equal(vcpu->gpr[RBX], 0);
	assert_int_equal(regs.cr0, 0x10);
	assert_int_equal(regs.efer, 0);
	assert_int_equal(regs.star, 77);
	assert_int_equal(regs.seg[SEG_TR].attributes, 0x8b);
	assert_int_equal(vcpu->lapic.svr, 0xff);
	assert_int_equal(vcpu->lapic.id, 1);
	assert_true(vcpu->tag.flush);
	assert_int_equal(vcpu->tag.cause, TLB_CAUSE_VCPU_RESET);
	stops();
}

static void sleeping(void)
{
	if (runs)
		was_reset();
	else
		sipi_comes();
}

static void others_wait_for_sipi(void **state)
{
	(void)state;
	vcpu = &test_vcpu[1];
	vcpu_set_state(vcpu, VCPU_WAIT_SIPI);
	sleeps = 0;
	asleep = sleeping;
	script[0] = started;
	script[1] = still_runs;
	vcpu_run(vcpu);
	assert_int_equal(runs, 2);
	assert_int_equal(vcpu->state, VCPU_STOPPED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		TEST(only_legal_states_follow),
		TEST(it_runs_until_it_stops),
		TEST(a_halted_one_sleeps_until_an_interrupt),
		TEST(an_nmi_ends_a_halt),
		TEST(the_last_one_asleep_ends_the_vm),
		TEST(one_that_may_be_woken_does_not),
		TEST(nor_one_that_a_device_may_wake),
		TEST(posted_interrupts_are_collected),
		TEST(the_end_of_the_time_stops),
		TEST(a_note_makes_devices_tick),
		TEST(a_flush_is_asked_of_the_tag),
		TEST(init_of_the_first_resets_the_vm),
		TEST(others_wait_for_sipi),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
