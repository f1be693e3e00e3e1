/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Just enough of ACPI to find the PM timer: RSDP in the BIOS area, RSDT,
 * FADT. Tables lie below 4 GiB, where the guest has everything mapped.
 */
#include "vmm-core/bench/exit_bench.h"

#define BIOS_START	0xe0000
#define BIOS_END	0x100000
#define RSDP_SIGNATURE	0x2052545020445352ull	/* "RSD PTR " */
#define FADT_SIGNATURE	0x50434146		/* "FACP" */
#define RSDP_RSDT	16
#define TABLE_LENGTH	4
#define TABLE_HEADER	36
#define FADT_PM_TIMER	76
#define TABLE_BYTES_MAX	65536

static u32 read32(u64 address)
{
	return *(const u32 *)address;
}

static u64 rsdt_find(void)
{
	for (u64 at = BIOS_START; at < BIOS_END; at += 16)
		if (*(const u64 *)at == RSDP_SIGNATURE)
			return read32(at + RSDP_RSDT);
	return 0;
}

u16 acpi_pm_timer_port(void)
{
	u64 rsdt = rsdt_find();
	u32 bytes = rsdt ? read32(rsdt + TABLE_LENGTH) : 0;

	if (bytes > TABLE_BYTES_MAX)
		return 0;
	for (u32 at = TABLE_HEADER; at + 4 <= bytes; at += 4) {
		u64 table = read32(rsdt + at);

		if (read32(table) == FADT_SIGNATURE)
			return (u16)read32(table + FADT_PM_TIMER);
	}
	return 0;
}
