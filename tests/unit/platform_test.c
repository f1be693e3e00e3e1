/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The platform as a whole: ports and pages reach their devices, interrupts
 * reach the guest, and a timer is armed only when somebody listens.
 */
#include "tests/unit/core_vm.h"

#include "vmm-core/dev/pc/acpi_pm.c"
#include "vmm-core/dev/bus.c"
#include "vmm-core/dev/irq/apic_bus.c"
#include "vmm-core/dev/irq/ioapic.c"
#include "vmm-core/dev/irq/isa_lines.c"
#include "vmm-core/dev/irq/lapic.c"
#include "vmm-core/dev/irq/lapic_regs.c"
#include "vmm-core/dev/irq/lapic_timer.c"
#include "vmm-core/dev/irq/pic.c"
#include "vmm-core/dev/pc/fw_cfg.c"
#include "vmm-core/dev/pc/legacy.c"
#include "vmm-core/dev/pc/pit.c"
#include "vmm-core/dev/pc/platform.c"
#include "vmm-core/dev/pc/rtc.c"
#include "vmm-core/dev/pc/rtc_time.c"
#include "vmm-core/dev/pc/test_device.c"
#include "vmm-core/dev/pc/uart.c"
#include "vmm-core/vcpu/vm_devices.c"

void strlcpy(char *to, const char *from, size_t size)
{
	snprintf(to, size, "%s", from);
}

static struct vcpu *vcpu;
static struct platform *platform;
static struct bus *bus;

static u32 in(u16 port, u8 bytes)
{
	return bus_in(bus, (struct bus_access){ port, bytes, 0 });
}

static void out(u16 port, u8 bytes, u32 value)
{
	bus_out(bus, (struct bus_access){ port, bytes, 0 }, value);
}

static u64 mmio_read(u64 gpa, u8 bytes)
{
	return bus_read(bus, (struct bus_access){ gpa, bytes, 0 });
}

static void mmio_write(u64 gpa, u8 bytes, u64 value)
{
	bus_write(bus, (struct bus_access){ gpa, bytes, 0 }, value);
}

static void ioapic_pin(unsigned int pin, u32 low)
{
	mmio_write(IOAPIC_GPA, 4, 0x10 + 2 * pin);
	mmio_write(IOAPIC_GPA + 0x10, 4, low);
}

static int setup(void **state)
{
	(void)state;
	test_vm_init(1);
	wall_clock.tsc = 0;
	wall_clock.ns = 1700000000 * NS_PER_SECOND;
	vcpu = &test_vcpu[0];
	platform = &test_vm.platform;
	bus = &platform->bus;
	lapic_init(&vcpu->lapic, 0);
	vcpu->lapic.svr |= SVR_ENABLED;
	assert_int_equal(vm_devices_init(&test_vm), 0);
	return 0;
}

static void start_pit(void)
{
	out(0x43, 1, 0x34);
	out(0x40, 1, 4773 & 0xff);
	out(0x40, 1, 4773 >> 8);
}

static void program_pic(void)
{
	static const u16 writes[][2] = {
		{ 0x20, 0x11 }, { 0x21, 0x30 }, { 0x21, 4 }, { 0x21, 1 },
		{ 0xa0, 0x11 }, { 0xa1, 0x38 }, { 0xa1, 2 }, { 0xa1, 1 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(writes); i++)
		out(writes[i][0], 1, writes[i][1]);
}

/* abi/devices.def, by which tools name devices: what of it is here. */
static const struct { const char *NAME, *name; } abi_names[] = {
#define DEVICE(NAME, name, help) { #NAME, name },
#include "vmm-core/abi/devices.def"
};

static const struct abi_range {
	const char *NAME;
	enum bus_space space;
	u64 first, last;
} abi_ranges[] = {
#define DEVICE_PORTS(NAME, first, last) { #NAME, BUS_PORT, first, last },
#define DEVICE_PAGES(NAME, first, last) { #NAME, BUS_MEMORY, first, last },
#include "vmm-core/abi/devices.def"
};

static const char *abi_name(const char *NAME)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(abi_names); i++)
		if (!strcmp(abi_names[i].NAME, NAME))
			return abi_names[i].name;
	return "";
}

/* The name of the device that the abi has there; NULL: none. */
static const char *abi_device(enum bus_space space, u64 address)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(abi_ranges); i++) {
		const struct abi_range *r = &abi_ranges[i];

		if (r->space == space && address >= r->first &&
		    address <= r->last)
			return abi_name(r->NAME);
	}
	return NULL;
}

static void same_name(const struct device *dev, const char *name)
{
	if (dev && name)
		assert_string_equal(dev->model->name, name);
	assert_int_equal(!dev, !name);
}

/* Both list the same ports and pages, under the same names. */
static void devices_are_where_the_abi_says(void **state)
{
	(void)state;
	for (u32 port = 0; port < BUS_PORTS; port++)
		same_name(bus->port_range[bus->port[port]].dev,
			  abi_device(BUS_PORT, port));
	for (unsigned int i = 0; i < ARRAY_SIZE(abi_ranges); i++) {
		const struct abi_range *r = &abi_ranges[i];

		if (r->space != BUS_MEMORY)
			continue;
		for (u64 at = r->first - 1; at <= r->last + 1; at++) {
			const struct bus_range *page = page_find(bus, at);

			same_name(at >= page->first ? page->dev : NULL,
				  abi_device(BUS_MEMORY, at));
		}
	}
}

/* Every port and page of a device is in the published list, once. */
static void devices_are_published(void **state)
{
	unsigned int n = 0, ports = 0;

	(void)state;
	for (; n < ANCHOR_RANGES_MAX && test_ranges[n].space; n++) {
		const struct anchor_range *r = &test_ranges[n];
		enum bus_space space = r->space == ANCHOR_PORTS ? BUS_PORT :
								  BUS_MEMORY;

		assert_string_equal(r->name, abi_device(space, r->base));
		assert_string_equal(r->name,
				    abi_device(space, r->base + r->bytes - 1));
		if (space == BUS_PORT)
			ports += (unsigned int)r->bytes;
	}
	assert_int_equal(n, bus->port_ranges - 1 + bus->page_ranges);
	for (u32 port = 0; port < BUS_PORTS; port++)
		ports -= abi_device(BUS_PORT, port) != NULL;
	assert_int_equal(ports, 0);
}

/* Ports that answer are somebody's: nobody's read as all ones. */
static void ports_that_answer_have_a_device(void **state)
{
	(void)state;
	for (u32 port = 0; port < 0x10000; port++)
		if (in((u16)port, 1) % 0x100 != 0xff)
			assert_non_null(abi_device(BUS_PORT, port));
}

static void pit_is_armed_when_heard(void **state)
{
	(void)state;
	start_pit();
	assert_true(bus->next_tsc == TSC_NEVER);
	program_pic();
	assert_in_range(bus->next_tsc, test_tsc, test_tsc + 4001000);
	out(0x21, 1, 0xff);
	assert_true(bus->next_tsc == TSC_NEVER);
	/* its pin of the IOAPIC is 2 */
	ioapic_pin(2, 0x30);
	assert_true(bus->next_tsc != TSC_NEVER);
	ioapic_pin(2, 0x10030);
	assert_true(bus->next_tsc == TSC_NEVER);
	ioapic_pin(0, 0x30);
	assert_true(bus->next_tsc == TSC_NEVER);
}

/* Linux masks the input while it handles a tick, and starts the next
 * one-shot before it unmasks: if that is over by then, it must not be lost. */
static void one_shot_over_while_masked(void **state)
{
	(void)state;
	program_pic();
	out(0x21, 1, 0xfb);
	out(0x43, 1, 0x38);
	out(0x40, 1, 100);
	out(0x40, 1, 0);
	test_tsc += 200000;
	assert_true(bus->next_tsc == TSC_NEVER);
	out(0x21, 1, 0xfa);
	assert_true(bus->next_tsc <= test_tsc);
	bus_tick(bus, test_tsc);
	assert_int_equal(pic_vector(&platform->pic), 0x30);
	assert_true(bus->next_tsc == TSC_NEVER);
}

static void alarm_while_masked(void **state)
{
	(void)state;
	test_tsc = 0;
	out(0x70, 1, RTC_B);
	out(0x71, 1, B_24H | RTC_AF);
	out(0x70, 1, RTC_SECONDS_ALARM);
	out(0x71, 1, 0x21);
	out(0x70, 1, RTC_MINUTES_ALARM);
	out(0x71, 1, 0xff);
	out(0x70, 1, RTC_HOURS_ALARM);
	out(0x71, 1, 0xff);
	assert_true(bus->next_tsc == TSC_NEVER);
	test_tsc = 5 * NS_PER_SECOND;
	ioapic_pin(8, 0x28);
	assert_true(bus->next_tsc <= test_tsc);
	bus_tick(bus, test_tsc);
	assert_int_equal(lapic_pending(&vcpu->lapic), 0x28);
}

static void pit_interrupts_through_the_pic(void **state)
{
	(void)state;
	start_pit();
	program_pic();
	test_tsc = bus->next_tsc;
	bus_tick(bus, test_tsc);
	assert_true(lapic_extint_enabled(&vcpu->lapic));
	assert_int_equal(pic_accept(&platform->pic), 0x30);
	out(0x20, 1, 0x20);
	assert_int_equal(pic_vector(&platform->pic), -1);
	test_tsc = bus->next_tsc;
	bus_tick(bus, test_tsc);
	assert_int_equal(pic_vector(&platform->pic), 0x30);
}

static void pit_interrupts_through_the_ioapic(void **state)
{
	(void)state;
	start_pit();
	ioapic_pin(2, 0x51);
	test_tsc = bus->next_tsc;
	bus_tick(bus, test_tsc);
	assert_int_equal(lapic_pending(&vcpu->lapic), 0x51);
}

/* The handler leaves a note, the vCPU finds it. */
static void console_interrupt(const char *input)
{
	test_input = input;
	uart_input_due(&platform->com1);
	assert_string_equal(test_input, input);
	assert_true(bus->next_tsc <= test_tsc);
	bus_tick(bus, test_tsc);
}

static void console_both_ways(void **state)
{
	(void)state;
	ioapic_pin(4, 0x24);
	out(0x3fc, 1, 0x08);
	out(0x3fa, 1, 0x01);
	out(0x3f9, 1, 0x01);
	out(0x3f8, 1, 'A');
	assert_int_equal(test_console[0], 'A');
	console_interrupt("q");
	assert_int_equal(lapic_pending(&vcpu->lapic), 0x24);
	assert_int_equal(in(0x3f8, 1), 'q');
	lapic_accept(&vcpu->lapic, 0x24);
	/* the line fell with the byte: the next one is an edge again */
	console_interrupt("r");
	assert_true(vector_test(&vcpu->lapic.irr, 0x24));
	assert_true(bus->next_tsc == TSC_NEVER);
}

/* Bytes that the guest's FIFO has no room for stay in the physical port. */
static void console_waits_for_room(void **state)
{
	unsigned int i;

	(void)state;
	out(0x3fa, 1, 0x01);
	console_interrupt("0123456789abcdefgh");
	assert_string_equal(test_input, "gh");
	assert_in_range(bus->next_tsc, test_tsc + 1, test_tsc + 1000000);
	bus_tick(bus, bus->next_tsc);
	assert_string_equal(test_input, "gh");
	for (i = 0; i < 16; i++)
		assert_int_equal(in(0x3f8, 1), "0123456789abcdef"[i]);
	bus_tick(bus, bus->next_tsc);
	assert_int_equal(in(0x3f8, 1), 'g');
	assert_true(bus->next_tsc == TSC_NEVER);
}

static void rtc_over_ports(void **state)
{
	(void)state;
	test_tsc = 0;
	out(0x70, 1, RTC_SECONDS);
	assert_int_equal(in(0x71, 1), 0x20);	/* 22:13:20 */
	ioapic_pin(8, 0x28);
	out(0x70, 1, RTC_B);
	out(0x71, 1, B_24H | RTC_UF);
	assert_int_equal(bus->next_tsc, NS_PER_SECOND);
	test_tsc = bus->next_tsc;
	bus_tick(bus, test_tsc);
	assert_int_equal(lapic_pending(&vcpu->lapic), 0x28);
	assert_true(bus->next_tsc == TSC_NEVER);
	out(0x70, 1, RTC_C);
	assert_int_equal(in(0x71, 1) & 0x90, 0x90);
	assert_int_equal(bus->next_tsc, 2 * NS_PER_SECOND);
}

static void sci_is_a_level(void **state)
{
	(void)state;
	ioapic_pin(9, 0x8029);
	out(ACPI_PM1_EVENT + 2, 2, PM1_TMR);
	test_tsc = bus->next_tsc;
	assert_int_equal(test_tsc, ticks_to_tsc(1ull << 31, ACPI_PM_TIMER_HZ));
	bus_tick(bus, test_tsc);
	assert_int_equal(lapic_pending(&vcpu->lapic), 0x29);
	lapic_accept(&vcpu->lapic, 0x29);
	/* EOI while the line is up: once more */
	mmio_write(LAPIC_GPA + 0xb0, 4, 0);
	assert_int_equal(lapic_pending(&vcpu->lapic), 0x29);
	lapic_accept(&vcpu->lapic, 0x29);
	out(ACPI_PM1_EVENT, 2, PM1_TMR);
	mmio_write(LAPIC_GPA + 0xb0, 4, 0);
	assert_int_equal(lapic_pending(&vcpu->lapic), -1);
}

static void switching_off_and_reset(void **state)
{
	(void)state;
	out(ACPI_PM1_CONTROL, 2, 5 << 10);
	assert_int_equal(test_stopped, VM_STATE_RUNNING);
	out(ACPI_PM1_CONTROL, 2, 5 << 10 | 1 << 13);
	assert_int_equal(test_stopped, VM_STATE_OFF);
	setup(NULL);
	out(0xcf9, 1, 0x02);
	/* PCI's address port: byte 1 of this does not reset */
	out(0xcf8, 4, 0x80000600);
	assert_int_equal(test_stopped, VM_STATE_RUNNING);
	out(0xcf9, 1, 0x06);
	assert_int_equal(test_stopped, VM_STATE_RESET);
	setup(NULL);
	out(0x64, 1, 0xfe);
	assert_int_equal(test_stopped, VM_STATE_RESET);
}

static u64 configuration(u16 item, int bytes)
{
	u64 value = 0;

	out(FW_CFG_SELECTOR, 2, item);
	for (int n = 0; n < bytes; n++)
		value |= (u64)in(FW_CFG_DATA, 1) << 8 * n;
	return value;
}

static void test_kernels_learn_of_the_machine(void **state)
{
	(void)state;
	fw_cfg_tell(&test_vm.platform.fw_cfg, 0x123456789000, 3);
	assert_int_equal(configuration(0, 4), 0x554d4551);
	assert_int_equal(configuration(3, 8), 0x123456789000);
	assert_int_equal(configuration(5, 2), 3);
	assert_int_equal(configuration(0xf, 2), 3);
	/* behind an item, and of none, there is nothing */
	assert_int_equal(configuration(5, 8), 3);
	assert_int_equal(in(FW_CFG_DATA, 1), 0);
	assert_int_equal(configuration(0x77, 4), 0);
}

static void test_kernels_end_with_a_status(void **state)
{
	(void)state;
	out(TEST_DEVICE_PORT, 4, 0x21);
	assert_int_equal(test_stopped, VM_STATE_OFF);
	assert_int_equal(test_vm.platform.test.exit_status, 0x43);
	out(TEST_DEVICE_PORT, 1, 0);
	assert_int_equal(test_vm.platform.test.exit_status, 1);
}

static void nobody_there(void **state)
{
	(void)state;
	assert_int_equal(in(0x1f0, 1), 0xff);
	assert_int_equal(in(0x1f0, 2), 0xffff);
	assert_int_equal(in(0xcfc, 4), 0xffffffff);
	out(0x80, 1, 0x55);
	assert_int_equal(mmio_read(0xfed00000, 4), 0xffffffff);
	mmio_write(0xfed00000, 4, 0);
	/* in x2APIC mode there is no page */
	assert_int_equal(mmio_read(LAPIC_GPA + 0x30, 4), 0x50014);
	assert_int_equal(mmio_read(LAPIC_GPA + 0x32, 1) & 0xff, 0x05);
	vcpu->lapic.base |= APIC_BASE_X2APIC;
	assert_int_equal(mmio_read(LAPIC_GPA + 0x30, 4) & 0xffffffff, 0xffffffff);
}

static void wide_access_is_split(void **state)
{
	(void)state;
	out(0x20, 1, 0x11);
	out(0x21, 1, 0x30);
	out(0x21, 1, 4);
	out(0x21, 1, 1);
	/* low byte to 0x20 (EOI), high byte to 0x21 (mask) */
	out(0x20, 2, 0xa520);
	assert_int_equal(in(0x20, 2) >> 8, 0xa5);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(devices_are_where_the_abi_says),
		TEST(devices_are_published),
		TEST(ports_that_answer_have_a_device),
		TEST(pit_is_armed_when_heard),
		TEST(one_shot_over_while_masked),
		TEST(alarm_while_masked),
		TEST(pit_interrupts_through_the_pic),
		TEST(pit_interrupts_through_the_ioapic),
		TEST(console_both_ways),
		TEST(console_waits_for_room),
		TEST(rtc_over_ports),
		TEST(sci_is_a_level),
		TEST(switching_off_and_reset),
		TEST(test_kernels_learn_of_the_machine),
		TEST(test_kernels_end_with_a_status),
		TEST(nobody_there),
		TEST(wide_access_is_split),
	};

	return cmocka_run_group_tests_name("platform", tests, NULL, NULL);
}
