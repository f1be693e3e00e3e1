/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ACPI tables of the virtual platform, written one after the other into
 * the guest's firmware area, the RSDP first, where guests search for it.
 */
#include "vmm-core/guest/guest.h"

#include "vmm-core/dev/pc/acpi_pm.h"
#include "vmm-core/dev/pc/platform.h"
#include "vmm-core/guest/acpi_tables.h"
#include "vmm-core/guest/layout.h"
#include "vmm-core/lib/string.h"
#include "vmm-core/vcpu/vcpu.h"
#include "vmm-core/vcpu/vm.h"

#define SPACE_IO	1
#define GSI_PIT		2
#define RTC_CENTURY_REGISTER 0x32

/* AML encodings that the processors' SSDT needs */
#define AML_NAME	0x08
#define AML_BYTE	0x0a
#define AML_STRING	0x0d
#define AML_SCOPE	0x10
#define AML_EXT		0x5b
#define AML_DEVICE	0x82

extern const u8 dsdt_aml[], dsdt_aml_end[];

/* Where the next table goes. */
struct area {
	u8 *base;		/* of GUEST_FIRMWARE_GPA */
	u64 used;
};

static u8 checksum(const void *bytes, u64 length)
{
	const u8 *p = bytes;
	u8 sum = 0;

	while (length--)
		sum += *p++;
	return (u8)-sum;
}

/* Zeroed. The area is far larger than all tables together. */
static void *area_take(struct area *area, u64 bytes, u64 align)
{
	void *at;

	area->used = ALIGN_UP(area->used, align);
	at = area->base + area->used;
	area->used += bytes;
	memset(at, 0, bytes);
	return at;
}

static u32 area_gpa(const struct area *area, const void *table)
{
	return GUEST_FIRMWARE_GPA + (u32)((const u8 *)table - area->base);
}

static void header_init(struct acpi_header *header, const char signature[5],
			u64 length, u8 revision)
{
	memcpy(header->signature, signature, 4);
	header->length = (u32)length;
	header->revision = revision;
	memcpy(header->oem_id, "VMPROF", 6);
	memcpy(header->oem_table_id, "VMMCORE ", 8);
	header->oem_revision = 1;
	memcpy(header->creator_id, "VMPR", 4);
	header->creator_revision = 1;
}

/* Last of all: nothing in the table changes after it. */
static void header_seal(struct acpi_header *header)
{
	header->checksum = 0;
	header->checksum = checksum(header, header->length);
}

static struct acpi_address io_address(u16 port, u8 bytes)
{
	return (struct acpi_address){
		.space = SPACE_IO,
		.bits = bytes * 8,
		/* 1, 2, 3 for bytes, words, doublewords */
		.access = bytes == 4 ? 3 : bytes,
		.address = port,
	};
}

static void fadt_fixed_hardware(struct acpi_fadt *fadt)
{
	fadt->sci_irq = IRQ_SCI;
	fadt->pm1a_event = ACPI_PM1_EVENT;
	fadt->pm1_event_bytes = 4;
	fadt->pm1a_control = ACPI_PM1_CONTROL;
	fadt->pm1_control_bytes = 2;
	fadt->pm_timer = ACPI_PM_TIMER;
	fadt->pm_timer_bytes = 4;
	fadt->x_pm1a_event = io_address(ACPI_PM1_EVENT, 4);
	fadt->x_pm1a_event.access = 2;	/* two registers of 16 bits */
	fadt->x_pm1a_control = io_address(ACPI_PM1_CONTROL, 2);
	fadt->x_pm_timer = io_address(ACPI_PM_TIMER, 4);
	fadt->reset = io_address(ACPI_RESET_PORT, 1);
	fadt->reset_value = ACPI_RESET_VALUE;
	/* no C2, no C3 */
	fadt->c2_latency = 0xffff;
	fadt->c3_latency = 0xffff;
	fadt->century = RTC_CENTURY_REGISTER;
}

static struct acpi_header *build_fadt(struct area *area, u32 facs, u32 dsdt)
{
	struct acpi_fadt *fadt = area_take(area, sizeof(*fadt), 16);

	header_init(&fadt->header, "FACP", sizeof(*fadt), 6);
	fadt_fixed_hardware(fadt);
	fadt->facs = facs;
	fadt->dsdt = dsdt;
	fadt->x_dsdt = dsdt;
	fadt->boot_flags = FADT_LEGACY_DEVICES | FADT_NO_VGA | FADT_NO_MSI |
			   FADT_NO_ASPM;
	fadt->flags = FADT_WBINVD | FADT_PROC_C1 | FADT_NO_POWER_BUTTON |
		      FADT_NO_SLEEP_BUTTON | FADT_TIMER_32BIT |
		      FADT_RESET_REGISTER | FADT_HEADLESS;
	header_seal(&fadt->header);
	return &fadt->header;
}

static u32 build_facs(struct area *area)
{
	struct acpi_facs *facs = area_take(area, sizeof(*facs), 64);

	memcpy(facs->signature, "FACS", 4);
	facs->length = sizeof(*facs);
	facs->version = 2;
	return area_gpa(area, facs);
}

static u32 build_dsdt(struct area *area)
{
	u64 bytes = (u64)(dsdt_aml_end - dsdt_aml);
	void *dsdt = area_take(area, bytes, 16);

	memcpy(dsdt, dsdt_aml, bytes);
	return area_gpa(area, dsdt);
}

static void *madt_entry(struct area *area, u8 type, u8 bytes)
{
	u8 *entry = area_take(area, bytes, 1);

	entry[0] = type;
	entry[1] = bytes;
	return entry;
}

static void madt_lapics(struct area *area, const struct vm *vm)
{
	unsigned int i;

	for (i = 0; i < vm->vcpus; i++) {
		struct madt_lapic *lapic = madt_entry(area, 0, sizeof(*lapic));

		lapic->processor = (u8)i;
		lapic->id = (u8)vm->vcpu[i]->lapic.id;
		lapic->flags = 1;
	}
}

static void madt_interrupts(struct area *area, const struct vm *vm)
{
	struct madt_ioapic *ioapic = madt_entry(area, 1, sizeof(*ioapic));
	struct madt_override *pit = madt_entry(area, 2, sizeof(*pit));
	struct madt_override *sci = madt_entry(area, 2, sizeof(*sci));
	struct madt_lapic_nmi *nmi = madt_entry(area, 4, sizeof(*nmi));

	ioapic->id = (u8)vm->vcpus;
	ioapic->gpa = IOAPIC_GPA;
	pit->irq = IRQ_PIT;
	pit->gsi = GSI_PIT;
	sci->irq = IRQ_SCI;
	sci->gsi = IRQ_SCI;
	sci->flags = MADT_ACTIVE_HIGH | MADT_LEVEL;
	nmi->processor = 0xff;
	nmi->lint = 1;
}

static struct acpi_header *build_madt(struct area *area, const struct vm *vm)
{
	struct acpi_madt *madt = area_take(area, sizeof(*madt), 16);
	u64 start = area->used - sizeof(*madt);

	header_init(&madt->header, "APIC", 0, 4);
	madt->lapic_gpa = LAPIC_GPA;
	madt->flags = 1;
	madt_lapics(area, vm);
	madt_interrupts(area, vm);
	madt->header.length = (u32)(area->used - start);
	header_seal(&madt->header);
	return &madt->header;
}

static const char hex[] = "0123456789ABCDEF";

/* Device (CPnn) { Name (_HID, "ACPI0007") Name (_UID, nn) } */
static void aml_processor(struct area *area, u8 index)
{
	const u8 code[] = {
		AML_EXT, AML_DEVICE, 27,	/* bytes from here on */
		'C', 'P', (u8)hex[index >> 4], (u8)hex[index & 15],
		AML_NAME, '_', 'H', 'I', 'D', AML_STRING,
		'A', 'C', 'P', 'I', '0', '0', '0', '7', 0,
		AML_NAME, '_', 'U', 'I', 'D', AML_BYTE, index,
	};
	_Static_assert(sizeof(code) == 29, "the length byte above says 27");

	memcpy(area_take(area, sizeof(code), 1), code, sizeof(code));
}

/* Scope (\_SB) { the processors }: so a guest sees those that exist. */
static struct acpi_header *build_ssdt(struct area *area, const struct vm *vm)
{
	struct acpi_header *header = area_take(area, sizeof(*header), 16);
	u8 *scope = area_take(area, 8, 1);
	u32 bytes;
	unsigned int i;

	header_init(header, "SSDT", 0, 2);
	for (i = 0; i < vm->vcpus; i++)
		aml_processor(area, (u8)i);
	/* a package length of two bytes: 4 bits, then 8 */
	bytes = (u32)(area->base + area->used - (scope + 1));
	scope[0] = AML_SCOPE;
	scope[1] = (u8)(0x40 | (bytes & 15));
	scope[2] = (u8)(bytes >> 4);
	memcpy(scope + 3, "\\_SB_", 5);
	header->length = bytes + 1 + (u32)sizeof(*header);
	header_seal(header);
	return header;
}

/* RSDT or XSDT: the header, then addresses of 4 or 8 bytes. */
static u32 build_root(struct area *area, const char signature[5],
		      struct acpi_header *const *tables, unsigned int count,
		      u8 address_bytes)
{
	u64 bytes = sizeof(struct acpi_header) + count * address_bytes;
	struct acpi_header *root = area_take(area, bytes, 16);
	u8 *entry = (u8 *)(root + 1);
	unsigned int i;

	header_init(root, signature, bytes, 1);
	for (i = 0; i < count; i++) {
		u64 gpa = area_gpa(area, tables[i]);

		memcpy(entry + i * address_bytes, &gpa, address_bytes);
	}
	header_seal(root);
	return area_gpa(area, root);
}

u64 guest_acpi_build(struct vm *vm)
{
	struct area area = {
		.base = vm_memory(vm, GUEST_FIRMWARE_GPA, GUEST_FIRMWARE_BYTES),
	};
	struct acpi_rsdp *rsdp = area_take(&area, sizeof(*rsdp), 16);
	struct acpi_header *tables[3];
	u32 facs = build_facs(&area);

	tables[0] = build_fadt(&area, facs, build_dsdt(&area));
	tables[1] = build_madt(&area, vm);
	tables[2] = build_ssdt(&area, vm);

	memcpy(rsdp->signature, "RSD PTR ", 8);
	memcpy(rsdp->oem_id, "VMPROF", 6);
	rsdp->revision = 2;
	rsdp->length = sizeof(*rsdp);
	rsdp->rsdt = build_root(&area, "RSDT", tables, ARRAY_SIZE(tables), 4);
	rsdp->xsdt = build_root(&area, "XSDT", tables, ARRAY_SIZE(tables), 8);
	rsdp->checksum = checksum(rsdp, 20);
	rsdp->extended_checksum = checksum(rsdp, sizeof(*rsdp));
	return area_gpa(&area, rsdp);
}
