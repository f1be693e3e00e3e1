/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ACPI fixed hardware: PM timer, status and enable bits, power-off.
 */
#include "tests/unit/core_vm.h"

#include "vmm-core/dev/bus.c"
#include "vmm-core/dev/pc/acpi_pm.c"

static struct acpi_pm pm;

static void timer_runs_at_its_rate(void **state)
{
	u64 second = TEST_TSC_KHZ * 1000ull;

	(void)state;
	acpi_pm_init(&pm);
	assert_int_equal(acpi_pm_read(&pm, ACPI_PM_TIMER, 4, 0), 0);
	assert_int_equal(acpi_pm_read(&pm, ACPI_PM_TIMER, 4, second), 3579545);
	assert_int_equal(acpi_pm_read(&pm, ACPI_PM_TIMER, 2, second),
			 3579545 & 0xffff);
	/* wraps at 32 bits, after 1199 seconds */
	assert_int_equal(acpi_pm_read(&pm, ACPI_PM_TIMER, 4, 1200 * second),
			 (u32)(1200 * 3579545ull));
}

static void overflow_interrupts(void **state)
{
	u64 due, half = ticks_to_tsc(1ull << 31, ACPI_PM_TIMER_HZ);

	(void)state;
	acpi_pm_init(&pm);
	assert_true(acpi_pm_next(&pm) == TSC_NEVER);
	acpi_pm_write(&pm, ACPI_PM1_EVENT + 2, 2, PM1_TMR, 1000);
	due = acpi_pm_next(&pm);
	assert_int_equal(due, half);
	acpi_pm_sync(&pm, due - 1);
	assert_false(acpi_pm_irq(&pm));
	acpi_pm_sync(&pm, due);
	assert_true(acpi_pm_irq(&pm));
	assert_true(acpi_pm_next(&pm) == TSC_NEVER);
	assert_int_equal(acpi_pm_read(&pm, ACPI_PM1_EVENT, 2, due), PM1_TMR);
	/* a one clears, a zero leaves alone */
	acpi_pm_write(&pm, ACPI_PM1_EVENT, 2, 0, due);
	assert_true(acpi_pm_irq(&pm));
	acpi_pm_write(&pm, ACPI_PM1_EVENT, 2, PM1_TMR, due);
	assert_false(acpi_pm_irq(&pm));
	/* within a tick of the timer: the half is rounded up */
	assert_in_range(acpi_pm_next(&pm), 2 * half - 300, 2 * half);
}

static void registers_of_all_widths(void **state)
{
	(void)state;
	acpi_pm_init(&pm);
	acpi_pm_write(&pm, ACPI_PM1_EVENT + 2, 2, 0xffff, 0);
	assert_int_equal(acpi_pm_read(&pm, ACPI_PM1_EVENT + 2, 2, 0),
			 PM1_ENABLE);
	acpi_pm_write(&pm, ACPI_PM1_EVENT + 3, 1, 0, 0);
	assert_int_equal(acpi_pm_read(&pm, ACPI_PM1_EVENT, 4, 0) >> 16,
			 PM1_ENABLE & 0xff);
	/* always in ACPI mode */
	acpi_pm_write(&pm, ACPI_PM1_CONTROL, 2, 0, 0);
	assert_int_equal(acpi_pm_read(&pm, ACPI_PM1_CONTROL, 2, 0), PM1_SCI_EN);
	assert_int_equal(acpi_pm_read(&pm, ACPI_PM_LAST, 1, 0), 0);
}

static void only_s5_switches_off(void **state)
{
	(void)state;
	acpi_pm_init(&pm);
	/* as Linux does it: the type, then the type with SLP_EN */
	assert_false(acpi_pm_write(&pm, ACPI_PM1_CONTROL, 2, 5 << 10 | 1, 0));
	assert_true(acpi_pm_write(&pm, ACPI_PM1_CONTROL, 2,
				  5 << 10 | PM1_SLP_EN | 1, 0));
	assert_false(acpi_pm_write(&pm, ACPI_PM1_CONTROL, 2,
				   1 << 10 | PM1_SLP_EN, 0));
	/* the high byte alone */
	assert_true(acpi_pm_write(&pm, ACPI_PM1_CONTROL + 1, 1, 0x34, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timer_runs_at_its_rate),
		cmocka_unit_test(overflow_interrupts),
		cmocka_unit_test(registers_of_all_widths),
		cmocka_unit_test(only_s5_switches_off),
	};

	return cmocka_run_group_tests_name("acpi_pm", tests, NULL, NULL);
}
