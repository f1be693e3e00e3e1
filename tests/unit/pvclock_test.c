/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * KVM's paravirtual clock: what a guest computes from the structures must
 * be the time.
 */
#include "tests/unit/core_vm.h"

#include "vmm-core/pv/pvclock.c"

#define WALL_NS		1700000000123456789ull
#define GPA		0x5000

/* As a guest reads it. */
static u64 guest_ns(const struct pvclock_time *t, u64 tsc)
{
	u64 delta = tsc - t->tsc;

	delta = t->shift < 0 ? delta >> -t->shift : delta << t->shift;
	return t->ns + (u64)((unsigned __int128)delta * t->multiplier >> 32);
}

static int setup(void **state)
{
	(void)state;
	test_vm_init(1);
	test_ram_init();
	wall_clock.tsc = 5000000;
	wall_clock.ns = WALL_NS;
	tsc_khz = TEST_TSC_KHZ;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	tsc_khz = TEST_TSC_KHZ;
	test_ram_free();
	return 0;
}

static void time_at_many_frequencies(void **state)
{
	static const u64 khz[] = { 100000, 999999, 1000000, 1000001, 2499957,
				   2500000, 3333333, 5000000 };
	const struct pvclock_time *t = vm_memory(&test_vm, GPA, sizeof(*t));
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(khz); i++) {
		u64 hour, error;

		tsc_khz = khz[i];
		assert_true(pvclock_msr_write(&test_vcpu[0],
					      MSR_KVM_SYSTEM_TIME_NEW, GPA | 1));
		assert_int_equal(t->version & 1, 0);
		assert_int_equal(t->flags, 1);
		assert_true(t->multiplier >> 31);
		assert_int_equal(guest_ns(t, wall_clock.tsc), 0);
		hour = guest_ns(t, wall_clock.tsc +
				   3600 * 1000 * tsc_khz);
		error = 3600 * NS_PER_SECOND - hour;
		/* one part in 2^31 of an hour */
		assert_in_range(error, 0, 1700);
	}
}

static void version_grows(void **state)
{
	const struct pvclock_time *t = vm_memory(&test_vm, GPA, sizeof(*t));
	u32 before;

	(void)state;
	pvclock_msr_write(&test_vcpu[0], MSR_KVM_SYSTEM_TIME_NEW, GPA | 1);
	before = t->version;
	pvclock_msr_write(&test_vcpu[0], MSR_KVM_SYSTEM_TIME_NEW, GPA | 1);
	assert_int_equal(t->version, before + 2);
}

static void wall_time(void **state)
{
	const struct pvclock_wall *w = vm_memory(&test_vm, GPA, sizeof(*w));

	(void)state;
	assert_true(pvclock_msr_write(&test_vcpu[0], MSR_KVM_WALL_CLOCK_NEW,
				      GPA));
	assert_int_equal(w->seconds, 1700000000);
	assert_int_equal(w->nanoseconds, 123456789);
	assert_int_equal(w->version & 1, 0);
}

static void refusals(void **state)
{
	struct vcpu *vcpu = &test_vcpu[0];
	u32 msr = MSR_KVM_SYSTEM_TIME_NEW;

	(void)state;
	assert_true(pvclock_msr_write(vcpu, msr, GPA | 1));
	assert_int_equal(vcpu->pvclock_gpa, GPA);
	assert_true(pvclock_msr_write(vcpu, msr, 0));
	assert_int_equal(vcpu->pvclock_gpa, 0);
	assert_false(pvclock_msr_write(vcpu, msr, GPA | 3));
	assert_false(pvclock_msr_write(vcpu, msr, (TEST_RAM_BYTES - 28) | 1));
	assert_false(pvclock_msr_write(vcpu, msr, ~0ull));
	assert_false(pvclock_msr_write(vcpu, MSR_KVM_WALL_CLOCK_NEW,
				       TEST_RAM_BYTES - 8));
	assert_false(pvclock_msr_write(vcpu, 0x4b564d02, GPA | 1));
	test_vm.pv = VM_PV_EOI;
	assert_false(pvclock_msr_write(vcpu, msr, GPA | 1));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(time_at_many_frequencies),
		TEST(version_grows),
		TEST(wall_time),
		TEST(refusals),
	};

	return cmocka_run_group_tests_name("pvclock", tests, NULL, NULL);
}
