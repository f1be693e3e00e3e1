/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The IOAPIC's registers, and which messages its inputs make.
 */
#include "tests/unit/core_vm.h"

#include "vmm-core/dev/bus.c"
#include "vmm-core/dev/irq/ioapic.c"
#include "vmm-core/dev/irq/lapic.h"

static struct apic_message last;
static unsigned int messages;

static struct ioapic *ioapic;

void apic_bus_deliver(struct apic_bus *bus, const struct apic_message *message)
{
	assert_ptr_equal(bus, &test_vm.platform.apics);
	last = *message;
	messages++;
}

static u32 reg_read(u8 reg)
{
	ioapic_write(ioapic, 0x00, reg);
	return ioapic_read(ioapic, 0x10);
}

static void reg_write(u8 reg, u32 value)
{
	ioapic_write(ioapic, 0x00, reg);
	ioapic_write(ioapic, 0x10, value);
}

static void pin_write(unsigned int pin, u64 entry)
{
	reg_write((u8)(0x11 + 2 * pin), (u32)(entry >> 32));
	reg_write((u8)(0x10 + 2 * pin), (u32)entry);
}

static int setup(void **state)
{
	(void)state;
	test_vm_init(1);
	ioapic = &test_vm.platform.ioapic;
	ioapic_init(ioapic);
	bus_init(&test_vm.platform.bus, NULL, NULL);
	assert_int_equal(ioapic_add(ioapic, &test_vm.platform.bus,
				    &test_vm.platform.apics), 0);
	messages = 0;
	return 0;
}

static void identity(void **state)
{
	(void)state;
	assert_int_equal(reg_read(1), 0x00170011);
	reg_write(0, 0x0f000000);
	assert_int_equal(reg_read(0), 0x0f000000);
	assert_int_equal(reg_read(0x10), 0x00010000);
	/* behind the last entry there is nothing */
	reg_write(0x40, 0xffffffff);
	assert_int_equal(reg_read(0x40), 0);
	reg_write(0xff, 0xffffffff);
	assert_int_equal(reg_read(0xff), 0);
}

static void some_interrupts_are_always_heard(void **state)
{
	(void)state;
	assert_false(ioapic_wakes_all(ioapic));
	pin_write(4, 0x41);
	assert_false(ioapic_wakes_all(ioapic));
	pin_write(23, 0x400 | BIT(16));		/* NMI, masked */
	assert_false(ioapic_wakes_all(ioapic));
	pin_write(23, 0x400);
	assert_true(ioapic_wakes_all(ioapic));
	pin_write(23, 0x500);			/* INIT */
	assert_true(ioapic_wakes_all(ioapic));
}

static void edge(void **state)
{
	(void)state;
	pin_write(4, 0x0300000000000041ull);
	ioapic_set_line(ioapic, 4, true);
	assert_int_equal(messages, 1);
	assert_int_equal(last.vector, 0x41);
	assert_int_equal(last.destination, 3);
	assert_int_equal(last.delivery_mode, APIC_FIXED);
	assert_false(last.level);
	assert_false(last.logical);
	ioapic_set_line(ioapic, 4, true);
	assert_int_equal(messages, 1);
	ioapic_set_line(ioapic, 4, false);
	ioapic_set_line(ioapic, 4, true);
	assert_int_equal(messages, 2);
	/* an edge that comes while masked is gone */
	pin_write(4, 0x10041);
	ioapic_set_line(ioapic, 4, false);
	ioapic_set_line(ioapic, 4, true);
	pin_write(4, 0x41);
	assert_int_equal(messages, 2);
}

static void level(void **state)
{
	(void)state;
	pin_write(9, 0x8051);
	ioapic_set_line(ioapic, 9, true);
	assert_int_equal(messages, 1);
	assert_true(last.level);
	assert_int_equal(reg_read(0x10 + 18) & 0x4000, 0x4000);
	/* silent until the EOI of its vector, then again: still asserted */
	ioapic_set_line(ioapic, 9, true);
	apic_bus_eoi(ioapic->apics, 0x52);
	assert_int_equal(messages, 1);
	apic_bus_eoi(ioapic->apics, 0x51);
	assert_int_equal(messages, 2);
	ioapic_set_line(ioapic, 9, false);
	apic_bus_eoi(ioapic->apics, 0x51);
	assert_int_equal(messages, 2);
	assert_int_equal(reg_read(0x10 + 18) & 0x4000, 0);
}

static void level_waits_while_masked(void **state)
{
	(void)state;
	pin_write(9, 0x18051);
	assert_false(ioapic_listens(ioapic, 9));
	ioapic_set_line(ioapic, 9, true);
	assert_int_equal(messages, 0);
	pin_write(9, 0x8051);
	assert_int_equal(messages, 1);
	assert_true(ioapic_listens(ioapic, 9));
}

/* Remote IRR cannot be written; becoming an edge clears it. */
static void forced_eoi(void **state)
{
	(void)state;
	pin_write(9, 0x8051);
	ioapic_set_line(ioapic, 9, true);
	pin_write(9, 0x18051);
	assert_int_equal(reg_read(0x10 + 18) & 0x4000, 0x4000);
	pin_write(9, 0x10051);
	assert_int_equal(reg_read(0x10 + 18) & 0x4000, 0);
	pin_write(5, 0x5000 | 0x10051);
	assert_int_equal(reg_read(0x10 + 10), 0x10051);
}

static void message_fields(void **state)
{
	(void)state;
	pin_write(1, 0xff00000000000961ull);
	ioapic_set_line(ioapic, 1, true);
	assert_int_equal(last.destination, 0xff);
	assert_int_equal(last.delivery_mode, APIC_LOWEST);
	assert_true(last.logical);
	ioapic_set_line(ioapic, IOAPIC_PINS, true);
	assert_int_equal(messages, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(identity, setup),
		cmocka_unit_test_setup(edge, setup),
		cmocka_unit_test_setup(some_interrupts_are_always_heard,
				       setup),
		cmocka_unit_test_setup(level, setup),
		cmocka_unit_test_setup(level_waits_while_masked, setup),
		cmocka_unit_test_setup(forced_eoi, setup),
		cmocka_unit_test_setup(message_fields, setup),
	};

	return cmocka_run_group_tests_name("ioapic", tests, NULL, NULL);
}
