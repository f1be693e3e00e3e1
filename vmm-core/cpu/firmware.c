/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finding the ACPI tables (RSDP, then RSDT or XSDT) and reading the two that
 * matter: MADT for CPUs and interrupt controllers, FADT for the PM timer.
 * Table layouts: ACPI Specification, "ACPI Software Programming Model".
 */
#include "vmm-core/cpu/firmware.h"

#include "vmm-core/lib/stop.h"
#include "vmm-core/lib/string.h"
#include "vmm-core/mm/mm.h"
#include "vmm-core/mm/paging.h"

struct rsdp {
	char signature[8];
	u8 checksum;
	char oem[6];
	u8 revision;
	u32 rsdt;
	/* from revision 2 on */
	u32 length;
	u64 xsdt;
	u8 extended_checksum;
	u8 reserved[3];
} __packed;

#define RSDP_V1_BYTES	20
#define BDA_EBDA_SEGMENT 0x40e

struct table {
	char signature[4];
	u32 length;
	u8 revision, checksum;
	char oem[6], oem_table[8];
	u32 oem_revision, creator, creator_revision;
} __packed;

#define TABLE_BYTES_MAX	(1u << 20)

struct madt {
	struct table head;
	u32 apic_hpa, flags;
} __packed;

struct madt_entry {
	u8 type, length;
} __packed;

#define MADT_APIC	0
#define MADT_IOAPIC	1
#define MADT_OVERRIDE	2
#define MADT_APIC_HPA	5
#define MADT_X2APIC	9
#define APIC_ENABLED	1

struct madt_apic {
	struct madt_entry head;
	u8 processor, apic_id;
	u32 flags;
} __packed;

struct madt_ioapic {
	struct madt_entry head;
	u8 id, reserved;
	u32 hpa, gsi_base;
} __packed;

struct madt_override {
	struct madt_entry head;
	u8 bus, irq;
	u32 gsi;
	u16 flags;
} __packed;

struct madt_apic_hpa {
	struct madt_entry head;
	u16 reserved;
	u64 hpa;
} __packed;

struct madt_x2apic {
	struct madt_entry head;
	u16 reserved;
	u32 apic_id, flags, processor;
} __packed;

/* "Fixed ACPI Description Table": PM_TMR_BLK and PM_TMR_LEN */
#define FADT_PM_TMR_BLK	76
#define FADT_PM_TMR_LEN	91

static bool sum_is_zero(const void *p, size_t bytes)
{
	const u8 *byte = p;
	u8 sum = 0;

	while (bytes--)
		sum += *byte++;
	return !sum;
}

static const struct rsdp *rsdp_scan(u64 start, u64 end)
{
	const struct rsdp *rsdp;

	for (; start + sizeof(*rsdp) <= end; start += 16) {
		rsdp = hva(start);
		if (!memcmp(rsdp->signature, "RSD PTR ", 8) &&
		    sum_is_zero(rsdp, RSDP_V1_BYTES))
			return rsdp;
	}
	return NULL;
}

/* "Finding the RSDP on IA-PC Systems": the EBDA's first KiB, then the BIOS */
static const struct rsdp *rsdp_find(void)
{
	const struct rsdp *rsdp = NULL;
	u64 at = BDA_EBDA_SEGMENT, ebda;

	/* gcc takes an address in page 0 for a NULL pointer */
	asm("" : "+r"(at));
	ebda = (u64)*(const u16 *)hva(at) << 4;
	if (ebda >= 0x400)
		rsdp = rsdp_scan(ebda, ebda + 1024);
	return rsdp ? rsdp : rsdp_scan(0xe0000, 0x100000);
}

/* NULL unless it is mapped, whole and sound. */
static const struct table *table_at(u64 at)
{
	const struct table *table = hva(at);

	if (at < PAGE_BYTES || at > PAGING_EARLY_END - TABLE_BYTES_MAX)
		return NULL;
	if (table->length < sizeof(*table) || table->length > TABLE_BYTES_MAX)
		return NULL;
	return sum_is_zero(table, table->length) ? table : NULL;
}

/* NULL: the root does not list a sound one. */
static const struct table *table_find(const struct rsdp *rsdp,
				      const char *signature)
{
	bool wide = rsdp->revision >= 2 && rsdp->xsdt;
	const struct table *root = table_at(wide ? rsdp->xsdt : rsdp->rsdt);
	const struct table *table;
	size_t bytes = wide ? 8 : 4;
	u64 at = 0;

	if (!root)
		refuse("the root of the ACPI tables is damaged");
	for (size_t i = sizeof(*root); i + bytes <= root->length; i += bytes) {
		memcpy(&at, (const u8 *)root + i, bytes);
		table = table_at(at);
		if (table && !memcmp(table->signature, signature, 4))
			return table;
	}
	return NULL;
}

static void cpu_add(struct firmware *fw, u32 apic_id, u32 flags)
{
	if (!(flags & APIC_ENABLED) || fw->cpus == ANCHOR_CPUS_MAX)
		return;
	fw->apic_id[fw->cpus++] = apic_id;
}

static void ioapic_add(struct firmware *fw, const struct madt_ioapic *entry)
{
	if (fw->ioapics == FIRMWARE_IOAPICS_MAX)
		return;
	fw->ioapic[fw->ioapics++] = (struct firmware_ioapic){
		.hpa = entry->hpa,
		.gsi_base = entry->gsi_base,
	};
}

/* A shorter entry than its type needs is skipped. */
static void madt_entry_read(struct firmware *fw, const struct madt_entry *entry)
{
	const struct madt_override *override = (const void *)entry;
	const struct madt_x2apic *x2apic = (const void *)entry;
	const struct madt_apic *apic = (const void *)entry;

	if (entry->type == MADT_APIC && entry->length >= sizeof(*apic))
		cpu_add(fw, apic->apic_id, apic->flags);
	if (entry->type == MADT_X2APIC && entry->length >= sizeof(*x2apic))
		cpu_add(fw, x2apic->apic_id, x2apic->flags);
	if (entry->type == MADT_IOAPIC &&
	    entry->length >= sizeof(struct madt_ioapic))
		ioapic_add(fw, (const void *)entry);
	if (entry->type == MADT_APIC_HPA &&
	    entry->length >= sizeof(struct madt_apic_hpa))
		fw->apic_hpa = ((const struct madt_apic_hpa *)entry)->hpa;
	if (entry->type == MADT_OVERRIDE &&
	    entry->length >= sizeof(*override) && override->irq < ISA_IRQS)
		fw->isa[override->irq] = (struct firmware_isa){
			.gsi = override->gsi,
			.flags = override->flags,
		};
}

static void madt_read(struct firmware *fw, const struct table *table)
{
	const struct madt *madt = (const struct madt *)table;
	const struct madt_entry *entry;
	u32 at = sizeof(*madt);

	if (table->length < sizeof(*madt))
		refuse("the ACPI MADT is too short");
	fw->apic_hpa = madt->apic_hpa;
	for (; at + sizeof(*entry) <= table->length; at += entry->length) {
		entry = (const void *)((const u8 *)table + at);
		if (entry->length < sizeof(*entry) ||
		    entry->length > table->length - at)
			refuse("the ACPI MADT has a damaged entry at %u", at);
		madt_entry_read(fw, entry);
	}
}

static void fadt_read(struct firmware *fw, const struct table *table)
{
	const u8 *bytes = (const u8 *)table;
	u32 port;

	if (table->length <= FADT_PM_TMR_LEN || bytes[FADT_PM_TMR_LEN] != 4)
		return;
	memcpy(&port, bytes + FADT_PM_TMR_BLK, sizeof(port));
	if (port <= 0xfffc)
		fw->pm_timer_port = (u16)port;
}

void firmware_read(struct firmware *fw)
{
	const struct rsdp *rsdp = rsdp_find();
	const struct table *table;

	if (!rsdp)
		refuse("no ACPI tables found: the core needs a PC started by "
		       "its BIOS");
	for (unsigned int irq = 0; irq < ISA_IRQS; irq++)
		fw->isa[irq].gsi = irq;
	table = table_find(rsdp, "APIC");
	if (!table)
		refuse("the ACPI tables have no sound MADT");
	madt_read(fw, table);
	if (!fw->cpus)
		refuse("the ACPI MADT lists no CPU");
	if (fw->apic_hpa > PAGING_EARLY_END - PAGE_BYTES)
		refuse("the local APIC is above 4 GiB");
	table = table_find(rsdp, "FACP");
	if (table)
		fadt_read(fw, table);
}
