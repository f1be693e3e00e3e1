/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RSDP from the loader or in the BIOS area, RSDT or XSDT, tables. They lie
 * below 4 GiB, where the guest has everything mapped.
 */
#include "guests/runtime/acpi.h"

#include "guests/runtime/loader.h"

#define BIOS_START	0xe0000
#define BIOS_END	0x100000
#define RSDP_SIGNATURE	0x2052545020445352ull	/* "RSD PTR " */
#define RSDP_REVISION	15
#define RSDP_RSDT	16
#define RSDP_XSDT	24
#define TABLE_LENGTH	4
#define TABLE_HEADER	36
#define TABLE_BYTES_MAX	65536

#define FADT_SIGNATURE	0x50434146		/* "FACP" */
#define FADT_PM_TIMER	76

#define MADT_SIGNATURE	0x43495041		/* "APIC" */
#define MADT_ENTRIES	44
#define MADT_LOCAL_APIC	0
#define MADT_X2APIC	9
#define MADT_ENABLED	BIT(0)

static u8 read8(u64 address)
{
	return *(const u8 *)address;
}

static u32 read32(u64 address)
{
	return *(const u32 *)address;
}

static u64 rsdp_find(void)
{
	if (loader_rsdp())
		return loader_rsdp();
	for (u64 at = BIOS_START; at < BIOS_END; at += 16)
		if (*(const u64 *)at == RSDP_SIGNATURE)
			return at;
	return 0;
}

/* Returns the length of a table; 0: it makes no sense. */
static u32 table_bytes(u64 table)
{
	u32 bytes = table ? read32(table + TABLE_LENGTH) : 0;

	return bytes <= TABLE_BYTES_MAX ? bytes : 0;
}

static u64 table_find(u32 signature)
{
	u64 rsdp = rsdp_find(), root, table;
	u32 width = 4;

	if (!rsdp)
		return 0;
	root = read32(rsdp + RSDP_RSDT);
	if (!root && read8(rsdp + RSDP_REVISION) >= 2) {
		/* below 4 GiB, too */
		root = read32(rsdp + RSDP_XSDT);
		width = 8;
	}
	for (u32 at = TABLE_HEADER; at + width <= table_bytes(root);
	     at += width) {
		table = read32(root + at);
		if (table && read32(table) == signature)
			return table;
	}
	return 0;
}

u16 acpi_pm_timer_port(void)
{
	u64 fadt = table_find(FADT_SIGNATURE);

	if (table_bytes(fadt) < FADT_PM_TIMER + 4)
		return 0;
	return (u16)read32(fadt + FADT_PM_TIMER);
}

/* A CPU's entry in the MADT: is it one that could be started? */
static bool cpu_entry(u64 entry, u32 *apic_id)
{
	u8 type = read8(entry), bytes = read8(entry + 1);

	if (type == MADT_LOCAL_APIC && bytes >= 8) {
		*apic_id = read8(entry + 3);
		return read32(entry + 4) & MADT_ENABLED;
	}
	if (type == MADT_X2APIC && bytes >= 16) {
		*apic_id = read32(entry + 4);
		return read32(entry + 8) & MADT_ENABLED;
	}
	return false;
}

bool acpi_other_cpu(u32 self, u32 *apic_id)
{
	u64 madt = table_find(MADT_SIGNATURE);
	u32 bytes = table_bytes(madt), length;

	for (u32 at = MADT_ENTRIES; at + 2 <= bytes; at += length) {
		length = read8(madt + at + 1);
		if (length < 2 || at + length > bytes)
			return false;
		if (cpu_entry(madt + at, apic_id) && *apic_id != self)
			return true;
	}
	return false;
}
