/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of exit-bench that touch a device: ports and memory-mapped registers.
 */
#include "guests/exit-bench/exit_bench.h"

#include "guests/runtime/acpi.h"
#include "guests/exit-bench/virtio.h"
#include "vmm-core/lib/x86.h"

#define PORT_NOBODY	0x2e0	/* of no device on a PC of today */
#define STRING_BYTES	16
#define IOAPIC_SELECT	(*(volatile u32 *)0xfec00000)
#define IOAPIC_WINDOW	(*(volatile u32 *)0xfec00010)
#define IOAPIC_VERSION	1

static u16 pm_timer;

BENCH_RUN(port_in, inb(PORT_NOBODY))
BENCH_RUN(port_out, outb(PORT_NOBODY, 0))

static u64 run_port_string_out(void)
{
	static const u8 bytes[STRING_BYTES];
	const void *from = bytes;
	u64 count = sizeof(bytes);
	u64 start = bench_tsc();

	asm volatile("rep outsb"
		     : "+S"(from), "+c"(count) : "d"(PORT_NOBODY) : "memory");
	return bench_tsc() - start;
}

static u64 run_port_string_in(void)
{
	static u8 bytes[STRING_BYTES];
	void *to = bytes;
	u64 count = sizeof(bytes);
	u64 start = bench_tsc();

	asm volatile("rep insb"
		     : "+D"(to), "+c"(count) : "d"(PORT_NOBODY) : "memory");
	return bench_tsc() - start;
}

static const char *pm_timer_valid(void)
{
	pm_timer = acpi_pm_timer_port();
	return pm_timer ? NULL : "the firmware describes no PM timer";
}

BENCH_RUN(pm_timer_in, inl(pm_timer))

static const char *ioapic_valid(void)
{
	u32 version;

	IOAPIC_SELECT = IOAPIC_VERSION;
	version = IOAPIC_WINDOW;
	return version == 0 || version == ~0u ? "no IOAPIC at 0xfec00000" :
						NULL;
}

BENCH_RUN(mmio_read, IOAPIC_WINDOW)
BENCH_RUN(mmio_write, IOAPIC_SELECT = IOAPIC_VERSION)

/* Notifies of a queue with nothing new in it. */
BENCH_RUN(virtio_notify, virtio_notify())

const struct bench_row bench_rows_io[] = {
	{ .name = "port-in", .run = run_port_in },
	{ .name = "port-out", .run = run_port_out },
	{ .name = "port-string-out-16", .run = run_port_string_out },
	{ .name = "port-string-in-16", .run = run_port_string_in },
	{ .name = "pm-timer-in", .valid = pm_timer_valid,
	  .run = run_pm_timer_in },
	{ .name = "mmio-read", .valid = ioapic_valid, .run = run_mmio_read },
	{ .name = "mmio-write", .valid = ioapic_valid, .run = run_mmio_write },
	{ .name = "virtio-notify", .valid = virtio_start,
	  .run = run_virtio_notify },
	{ 0 }
};
