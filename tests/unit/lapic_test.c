/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The local APIC: priorities, EOI by register and by flag, the timer in its
 * three modes, messages between vCPUs, and the rules of the x2APIC MSRs.
 */
#include "tests/unit/core_vm.h"

#include "vmm-core/dev/bus.c"
#include "vmm-core/dev/irq/apic_bus.c"
#include "vmm-core/dev/irq/lapic.c"
#include "vmm-core/dev/irq/lapic_regs.c"
#include "vmm-core/dev/irq/lapic_timer.c"
#include "vmm-core/pv/pv_eoi.c"

#define MSR(reg)	(MSR_X2APIC_FIRST + (reg))
#define PV_EOI_GPA	0x3000

static struct cpu other_cpu;
static struct vcpu *vcpu;
static struct lapic *apic;
static u8 eoi_vector;

static void eoi_heard(void *listener, u8 vector)
{
	assert_ptr_equal(listener, &eoi_vector);
	eoi_vector = vector;
}

static void page_write(u32 reg, u32 value)
{
	lapic_mmio_write(apic, reg << 4, value);
}

static u32 page_read(u32 reg)
{
	return lapic_mmio_read(apic, reg << 4);
}

static bool msr_write(u32 index, u64 value)
{
	return lapic_msr_write(apic, index, value) ||
	       pv_eoi_msr_write(vcpu, index, value);
}

static u64 msr_read(u32 index)
{
	u64 value = 0;

	assert_true(lapic_msr_read(apic, index, &value));
	return value;
}

static void enter_x2apic(void)
{
	assert_true(msr_write(MSR_APIC_BASE, apic->base | APIC_BASE_X2APIC));
}

/* Four vCPUs, the last one on another CPU; vCPU 0 enabled, xAPIC. */
static int setup(void **state)
{
	u32 i;

	(void)state;
	test_vm_init(4);
	test_ram_init();
	test_vm.platform.apics.eoi = eoi_heard;
	test_vm.platform.apics.listener = &eoi_vector;
	for (i = 0; i < 4; i++) {
		lapic_init(&test_vcpu[i].lapic, i);
		test_vcpu[i].lapic.svr |= SVR_ENABLED;
	}
	test_vcpu[3].cpu = &other_cpu;
	test_vcpu[3].requests.cpu = &other_cpu;
	vcpu = &test_vcpu[0];
	apic = &vcpu->lapic;
	eoi_vector = 0;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	test_ram_free();
	return 0;
}

/* Delivers what is deliverable, if it is what is expected. */
static void deliver(int vector)
{
	assert_int_equal(lapic_pending(apic), vector);
	lapic_accept(apic, vector);
}

static void reset_state(void **state)
{
	(void)state;
	lapic_init(apic, 0);
	assert_int_equal(page_read(APIC_VERSION), 0x50014);
	assert_int_equal(page_read(APIC_SVR), 0xff);
	assert_int_equal(page_read(APIC_LVT + LVT_TIMER), 0x10000);
	assert_int_equal(page_read(APIC_DFR), 0xffffffff);
	/* the PIC is heard through the first vCPU's LINT0 alone */
	assert_true(lapic_extint_enabled(apic));
	lapic_init(&test_vcpu[1].lapic, 1);
	assert_false(lapic_extint_enabled(&test_vcpu[1].lapic));
	page_write(APIC_LVT + LVT_LINT0, 0x10700);
	assert_false(lapic_extint_enabled(apic));
	/* software-disabled: nothing is accepted */
	lapic_post(apic, 0x41, false);
	assert_int_equal(lapic_pending(apic), -1);
}

static void priorities_and_eoi_order(void **state)
{
	(void)state;
	lapic_post(apic, 0x41, false);
	lapic_post(apic, 0x62, false);
	lapic_post(apic, 0x63, false);
	deliver(0x63);
	assert_int_equal(page_read(APIC_PPR), 0x60);
	/* 0x62 is of the same class */
	assert_int_equal(lapic_pending(apic), -1);
	lapic_post(apic, 0x91, false);
	deliver(0x91);
	assert_int_equal(page_read(APIC_ISR + 4), 1u << 17);
	page_write(APIC_EOI, 0);
	assert_int_equal(lapic_pending(apic), -1);
	page_write(APIC_EOI, 0);
	deliver(0x62);
	page_write(APIC_EOI, 0);
	deliver(0x41);
	page_write(APIC_EOI, 0);
	assert_int_equal(page_read(APIC_PPR), 0);
	assert_int_equal(lapic_pending(apic), -1);
}

static void tpr_holds_back(void **state)
{
	(void)state;
	lapic_cr8_write(apic, 5);
	assert_int_equal(page_read(APIC_TPR), 0x50);
	lapic_post(apic, 0x5f, false);
	assert_int_equal(lapic_pending(apic), -1);
	page_write(APIC_TPR, 0x4f);
	assert_int_equal(lapic_cr8_read(apic), 4);
	deliver(0x5f);
}

static void level_eoi_goes_to_the_ioapic(void **state)
{
	(void)state;
	lapic_post(apic, 0x51, true);
	assert_int_equal(page_read(APIC_TMR + 2), 1u << 17);
	deliver(0x51);
	page_write(APIC_EOI, 0);
	assert_int_equal(eoi_vector, 0x51);
	eoi_vector = 0;
	lapic_post(apic, 0x51, false);
	assert_int_equal(page_read(APIC_TMR + 2), 0);
	deliver(0x51);
	page_write(APIC_EOI, 0);
	assert_int_equal(eoi_vector, 0);
}

static void illegal_vectors(void **state)
{
	(void)state;
	lapic_post(apic, 0x0f, false);
	assert_int_equal(lapic_pending(apic), -1);
	assert_int_equal(page_read(APIC_ESR), 0);
	page_write(APIC_ESR, 0);
	assert_int_equal(page_read(APIC_ESR), ESR_RECEIVE_ILLEGAL);
	page_write(APIC_LVT + LVT_ERROR, 0x71);
	page_write(APIC_ICR, 0x00040005);	/* vector 5 to itself */
	page_write(APIC_ESR, 0);
	assert_int_equal(page_read(APIC_ESR), ESR_SEND_ILLEGAL);
	deliver(0x71);
	page_write(0x3d, 1);
	page_write(APIC_ESR, 0);
	assert_int_equal(page_read(APIC_ESR), ESR_ILLEGAL_REGISTER);
}

static void one_shot(void **state)
{
	(void)state;
	page_write(APIC_TIMER_DIVIDE, 0x3);	/* by 16 */
	page_write(APIC_LVT + LVT_TIMER, 0xef);
	page_write(APIC_TIMER_INITIAL, 1000);
	assert_int_equal(apic->deadline_tsc, test_tsc + 16000);
	test_tsc += 4000;
	assert_int_equal(page_read(APIC_TIMER_CURRENT), 750);
	lapic_tick(apic, test_tsc);
	assert_int_equal(lapic_pending(apic), -1);
	test_tsc += 12000;
	lapic_tick(apic, test_tsc);
	deliver(0xef);
	assert_true(apic->deadline_tsc == TSC_NEVER);
	assert_int_equal(page_read(APIC_TIMER_CURRENT), 0);
	page_write(APIC_TIMER_INITIAL, 1000);
	page_write(APIC_TIMER_INITIAL, 0);
	assert_true(apic->deadline_tsc == TSC_NEVER);
}

static void divide_values(void **state)
{
	static const struct { u32 reg; u64 by; } rows[] = {
		{ 0x0, 2 }, { 0x1, 4 }, { 0x2, 8 }, { 0x3, 16 },
		{ 0x8, 32 }, { 0x9, 64 }, { 0xa, 128 }, { 0xb, 1 },
	};
	unsigned int i;

	(void)state;
	page_write(APIC_LVT + LVT_TIMER, 0xef);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		page_write(APIC_TIMER_DIVIDE, rows[i].reg);
		page_write(APIC_TIMER_INITIAL, 500);
		assert_int_equal(apic->deadline_tsc,
				 test_tsc + 500 * rows[i].by);
	}
}

static void divide_changes_under_way(void **state)
{
	(void)state;
	page_write(APIC_LVT + LVT_TIMER, 0xef);
	page_write(APIC_TIMER_DIVIDE, 0xb);
	page_write(APIC_TIMER_INITIAL, 1000);
	test_tsc += 400;
	page_write(APIC_TIMER_DIVIDE, 0x0);
	assert_int_equal(page_read(APIC_TIMER_CURRENT), 600);
	assert_int_equal(apic->deadline_tsc, test_tsc + 1200);
}

static void periodic(void **state)
{
	u64 start = test_tsc;

	(void)state;
	page_write(APIC_TIMER_DIVIDE, 0xb);
	page_write(APIC_LVT + LVT_TIMER, 0xef | LVT_TIMER_PERIODIC);
	page_write(APIC_TIMER_INITIAL, 1000);
	test_tsc = start + 1007;
	lapic_tick(apic, test_tsc);
	deliver(0xef);
	page_write(APIC_EOI, 0);
	/* no drift, and what was missed stays missed */
	assert_int_equal(apic->deadline_tsc, start + 2000);
	test_tsc = start + 5400;
	assert_int_equal(page_read(APIC_TIMER_CURRENT), 600);
	lapic_tick(apic, test_tsc);
	assert_int_equal(apic->deadline_tsc, start + 6000);
	deliver(0xef);
	page_write(APIC_EOI, 0);
	assert_int_equal(lapic_pending(apic), -1);
}

static void deadline_mode(void **state)
{
	(void)state;
	/* ignored in any other mode */
	assert_true(msr_write(MSR_TSC_DEADLINE, test_tsc + 5));
	assert_int_equal(msr_read(MSR_TSC_DEADLINE), 0);
	page_write(APIC_LVT + LVT_TIMER, 0xec | LVT_TIMER_DEADLINE);
	assert_true(msr_write(MSR_TSC_DEADLINE, test_tsc + 5000));
	assert_int_equal(apic->deadline_tsc, test_tsc + 5000);
	page_write(APIC_TIMER_INITIAL, 77);
	assert_int_equal(page_read(APIC_TIMER_INITIAL), 0);
	test_tsc += 5000;
	lapic_tick(apic, test_tsc);
	assert_int_equal(msr_read(MSR_TSC_DEADLINE), 0);
	assert_true(apic->deadline_tsc == TSC_NEVER);
	deliver(0xec);
	/* in the past: at once; 0: disarmed */
	msr_write(MSR_TSC_DEADLINE, 1);
	assert_true(apic->deadline_tsc <= test_tsc);
	msr_write(MSR_TSC_DEADLINE, 0);
	assert_true(apic->deadline_tsc == TSC_NEVER);
	/* leaving the mode disarms */
	msr_write(MSR_TSC_DEADLINE, test_tsc + 1);
	page_write(APIC_LVT + LVT_TIMER, 0xec);
	assert_true(apic->deadline_tsc == TSC_NEVER);
}

static void masked_timer_is_not_armed(void **state)
{
	(void)state;
	page_write(APIC_TIMER_DIVIDE, 0xb);
	page_write(APIC_LVT + LVT_TIMER, LVT_MASKED | 0xef);
	page_write(APIC_TIMER_INITIAL, 1000);
	assert_true(apic->deadline_tsc == TSC_NEVER);
	test_tsc += 300;
	assert_int_equal(page_read(APIC_TIMER_CURRENT), 700);
	page_write(APIC_LVT + LVT_TIMER, 0xef);
	assert_int_equal(apic->deadline_tsc, test_tsc + 700);
	page_write(APIC_SVR, 0xff);
	assert_true(apic->deadline_tsc == TSC_NEVER);
	assert_int_equal(page_read(APIC_LVT + LVT_TIMER), LVT_MASKED | 0xef);
}

static bool pends(unsigned int i, u8 vector)
{
	return vector_test(&test_vcpu[i].lapic.irr, vector) ||
	       vector_test(&test_vcpu[i].lapic.posted, vector);
}

static void physical_and_shorthands(void **state)
{
	(void)state;
	page_write(APIC_ICR_HIGH, 2u << 24);
	page_write(APIC_ICR, 0x4041);
	assert_true(pends(2, 0x41));
	assert_false(pends(0, 0x41) || pends(1, 0x41) || pends(3, 0x41));
	page_write(APIC_ICR, 0x44042);		/* self */
	assert_true(pends(0, 0x42));
	assert_false(pends(1, 0x42));
	page_write(APIC_ICR, 0xc4043);		/* all but self */
	assert_false(pends(0, 0x43));
	assert_true(pends(1, 0x43) && pends(2, 0x43) && pends(3, 0x43));
	page_write(APIC_ICR, 0x84044);		/* all */
	assert_true(pends(0, 0x44) && pends(1, 0x44) && pends(3, 0x44));
	page_write(APIC_ICR_HIGH, 0xff000000);
	page_write(APIC_ICR, 0x4045);
	assert_true(pends(0, 0x45) && pends(3, 0x45));
}

static void logical_flat_and_cluster(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 4; i++)
		test_vcpu[i].lapic.ldr = 1u << (24 + i);
	page_write(APIC_ICR_HIGH, 0x0a000000);
	page_write(APIC_ICR, 0x4851);
	assert_true(pends(1, 0x51) && pends(3, 0x51));
	assert_false(pends(0, 0x51) || pends(2, 0x51));
	/* lowest priority: one of them */
	page_write(APIC_ICR, 0x4952);
	assert_true(pends(1, 0x52));
	assert_false(pends(3, 0x52));
	for (i = 0; i < 4; i++) {
		test_vcpu[i].lapic.dfr = 0x0fffffff;
		test_vcpu[i].lapic.ldr = (i / 2) << 28 | 1u << (24 + i % 2);
	}
	page_write(APIC_ICR_HIGH, 0x13000000);
	page_write(APIC_ICR, 0x4853);
	assert_true(pends(2, 0x53) && pends(3, 0x53));
	assert_false(pends(0, 0x53) || pends(1, 0x53));
}

static void other_cpu_is_kicked(void **state)
{
	struct lapic *other = &test_vcpu[3].lapic;

	(void)state;
	lapic_post(other, 0x61, true);
	lapic_post(other, 0xb2, false);
	/* it has not looked since the first kick */
	assert_int_equal(test_kicks, 1);
	assert_false(vector_test(&other->irr, 0x61));
	assert_int_equal(lapic_pending(other), -1);
	assert_int_equal(requests_take(&test_vcpu[3].requests), REQUEST_IRQ);
	lapic_collect(other);
	assert_int_equal(lapic_pending(other), 0xb2);
	assert_true(vector_test(&other->tmr, 0x61));
	lapic_accept(other, 0xb2);
	lapic_eoi(other);
	assert_int_equal(lapic_pending(other), 0x61);
}

static u32 taken(unsigned int i)
{
	return requests_take(&test_vcpu[i].requests);
}

static void init_and_sipi(void **state)
{
	(void)state;
	page_write(APIC_ICR_HIGH, 1u << 24);
	page_write(APIC_ICR, 0xc500);
	assert_int_equal(taken(1), REQUEST_INIT);
	page_write(APIC_ICR, 0x8500);		/* de-assert */
	assert_int_equal(taken(1), 0);
	page_write(APIC_ICR, 0x4699);
	assert_int_equal(taken(1), REQUEST_SIPI | 0x99000000);
	page_write(APIC_ICR, 0x4400);
	assert_int_equal(taken(1), REQUEST_NMI);
	assert_int_equal(taken(0) | taken(2) | taken(3), 0);
}

static void x2apic_registers(void **state)
{
	u64 value;

	(void)state;
	assert_false(lapic_msr_read(apic, MSR(APIC_ID), &value));
	vcpu = &test_vcpu[3];
	vcpu->cpu = &test_cpu;
	apic = &vcpu->lapic;
	enter_x2apic();
	assert_int_equal(msr_read(MSR(APIC_ID)), 3);
	assert_int_equal(msr_read(MSR(APIC_LDR)), 8);
	assert_true(msr_write(MSR(APIC_ICR), 0x0000000200000071ull));
	assert_true(pends(2, 0x71));
	assert_int_equal(msr_read(MSR(APIC_ICR)), 0x0000000200000071ull);
	assert_true(msr_write(MSR(APIC_SELF_IPI), 0x72));
	assert_true(pends(3, 0x72));
	/* logical, cluster 0, members 1 and 3 */
	test_vcpu[1].lapic.base |= APIC_BASE_X2APIC;
	assert_true(msr_write(MSR(APIC_ICR), 0x0000000a00000873ull));
	assert_true(pends(1, 0x73) && pends(3, 0x73));
	assert_false(pends(0, 0x73) || pends(2, 0x73));
	assert_true(msr_write(MSR(APIC_EOI), 0));
}

static void x2apic_faults(void **state)
{
	u64 value;

	(void)state;
	enter_x2apic();
	assert_false(msr_write(MSR(APIC_EOI), 1));
	assert_false(msr_write(MSR(APIC_ESR), 1));
	assert_false(msr_write(MSR(APIC_TPR), 0x100));
	assert_false(msr_write(MSR(APIC_ICR), 0x1041));
	assert_false(msr_write(MSR(APIC_ID), 0));
	assert_false(msr_write(MSR(APIC_LDR), 0));
	assert_false(msr_write(MSR(APIC_DFR), 0));
	assert_false(msr_write(MSR(APIC_SVR), 1ull << 32));
	assert_false(msr_write(MSR(0x2f), 0));
	assert_false(msr_write(MSR(0xff), 0));
	assert_false(lapic_msr_read(apic, MSR(APIC_EOI), &value));
	assert_false(lapic_msr_read(apic, MSR(APIC_SELF_IPI), &value));
	assert_false(lapic_msr_read(apic, MSR(APIC_DFR), &value));
	/* an MSR that we do not have */
	assert_false(lapic_msr_read(apic, 0x1234, &value));
}

static void base_msr_transitions(void **state)
{
	u64 base = apic->base;

	(void)state;
	assert_int_equal(base, 0xfee00900);
	assert_false(msr_write(MSR_APIC_BASE, 0xfee00500));
	assert_false(msr_write(MSR_APIC_BASE, base + 0x1000));
	assert_true(msr_write(MSR_APIC_BASE, base | APIC_BASE_X2APIC));
	assert_false(msr_write(MSR_APIC_BASE, base));
	assert_true(msr_write(MSR_APIC_BASE, base & ~APIC_BASE_ENABLE &
						     ~APIC_BASE_X2APIC));
	assert_true(lapic_extint_enabled(apic));
	assert_int_equal(apic->svr, 0xff);
	assert_false(msr_write(MSR_APIC_BASE, base | APIC_BASE_X2APIC));
	assert_true(msr_write(MSR_APIC_BASE, base));
}

static volatile u8 *pv_eoi_on(void)
{
	assert_true(msr_write(MSR_KVM_PV_EOI, PV_EOI_GPA | 1));
	return vm_memory(&test_vm, PV_EOI_GPA, 4);
}

static void pv_eoi_saves_the_write(void **state)
{
	volatile u8 *flag = pv_eoi_on();

	(void)state;
	lapic_post(apic, 0x61, false);
	deliver(0x61);
	assert_int_equal(*flag, 1);
	*flag = 0;			/* the guest's EOI */
	lapic_post(apic, 0x41, false);
	deliver(0x41);
	assert_int_equal(page_read(APIC_ISR + 3), 0);
	assert_int_equal(*flag, 1);
}

static void pv_eoi_is_not_offered_when_more_waits(void **state)
{
	volatile u8 *flag = pv_eoi_on();

	(void)state;
	lapic_post(apic, 0x61, false);
	lapic_post(apic, 0x41, false);
	deliver(0x61);
	assert_int_equal(*flag, 0);
	page_write(APIC_EOI, 0);
	deliver(0x41);
	assert_int_equal(*flag, 1);
	page_write(APIC_EOI, 0);
	assert_int_equal(*flag, 0);
	/* nor for a level, whose EOI the IOAPIC awaits */
	lapic_post(apic, 0x51, true);
	deliver(0x51);
	assert_int_equal(*flag, 0);
}

static void pv_eoi_is_withdrawn(void **state)
{
	volatile u8 *flag = pv_eoi_on();

	(void)state;
	lapic_post(apic, 0x61, false);
	deliver(0x61);
	assert_int_equal(*flag, 1);
	lapic_post(apic, 0x41, false);
	assert_int_equal(lapic_pending(apic), -1);
	assert_int_equal(*flag, 0);
	page_write(APIC_EOI, 0);
	deliver(0x41);
}

static void pv_eoi_when_nested(void **state)
{
	volatile u8 *flag = pv_eoi_on();

	(void)state;
	lapic_post(apic, 0x41, false);
	deliver(0x41);
	lapic_post(apic, 0x91, false);
	deliver(0x91);
	assert_int_equal(*flag, 1);
	*flag = 0;			/* ends 0x91 */
	page_write(APIC_EOI, 0);	/* ends 0x41 */
	assert_int_equal(vector_highest(&apic->isr), -1);
}

static void pv_eoi_msr(void **state)
{
	(void)state;
	assert_false(msr_write(MSR_KVM_PV_EOI, PV_EOI_GPA | 3));
	assert_false(msr_write(MSR_KVM_PV_EOI, TEST_RAM_BYTES | 1));
	assert_true(msr_write(MSR_KVM_PV_EOI, PV_EOI_GPA | 1));
	assert_int_equal(apic->pv_eoi_msr, PV_EOI_GPA | 1);
	assert_true(msr_write(MSR_KVM_PV_EOI, 0));
	lapic_post(apic, 0x61, false);
	deliver(0x61);
	assert_int_equal(*(u8 *)vm_memory(&test_vm, PV_EOI_GPA, 1), 0);
	test_vm.pv = 0;
	assert_false(msr_write(MSR_KVM_PV_EOI, PV_EOI_GPA | 1));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reset_state),
		TEST(priorities_and_eoi_order),
		TEST(tpr_holds_back),
		TEST(level_eoi_goes_to_the_ioapic),
		TEST(illegal_vectors),
		TEST(one_shot),
		TEST(divide_values),
		TEST(divide_changes_under_way),
		TEST(periodic),
		TEST(deadline_mode),
		TEST(masked_timer_is_not_armed),
		TEST(physical_and_shorthands),
		TEST(logical_flat_and_cluster),
		TEST(other_cpu_is_kicked),
		TEST(init_and_sipi),
		TEST(x2apic_registers),
		TEST(x2apic_faults),
		TEST(base_msr_transitions),
		TEST(pv_eoi_saves_the_write),
		TEST(pv_eoi_is_not_offered_when_more_waits),
		TEST(pv_eoi_is_withdrawn),
		TEST(pv_eoi_when_nested),
		TEST(pv_eoi_msr),
	};

	return cmocka_run_group_tests_name("lapic", tests, NULL, NULL);
}
