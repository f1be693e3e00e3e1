/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ACPI table layouts ("ACPI Software Programming Model", ACPI 6.0): only
 * the fields that are set have names.
 */
#ifndef VMM_CORE_GUEST_ACPI_TABLES_H
#define VMM_CORE_GUEST_ACPI_TABLES_H

#include "vmm-core/lib/types.h"

struct acpi_rsdp {
	char signature[8];
	u8 checksum;		/* of the first 20 bytes */
	char oem_id[6];
	u8 revision;
	u32 rsdt;
	u32 length;
	u64 xsdt;
	u8 extended_checksum;	/* of all */
	u8 reserved[3];
} __packed;
ABI_SIZE(struct acpi_rsdp, 36);

struct acpi_header {
	char signature[4];
	u32 length;
	u8 revision;
	u8 checksum;
	char oem_id[6];
	char oem_table_id[8];
	u32 oem_revision;
	char creator_id[4];
	u32 creator_revision;
} __packed;
ABI_SIZE(struct acpi_header, 36);

/* Generic address structure */
struct acpi_address {
	u8 space;		/* 1: system I/O */
	u8 bits, offset, access;
	u64 address;
} __packed;
ABI_SIZE(struct acpi_address, 12);

struct acpi_fadt {
	struct acpi_header header;
	u32 facs, dsdt;
	u8 reserved1, preferred_profile;
	u16 sci_irq;
	u32 smi_port;
	u8 acpi_enable, acpi_disable, s4bios_req, pstate_control;
	u32 pm1a_event, pm1b_event, pm1a_control, pm1b_control;
	u32 pm2_control, pm_timer, gpe0, gpe1;
	u8 pm1_event_bytes, pm1_control_bytes, pm2_control_bytes;
	u8 pm_timer_bytes, gpe0_bytes, gpe1_bytes, gpe1_base, cst_control;
	u16 c2_latency, c3_latency, flush_size, flush_stride;
	u8 duty_offset, duty_width, day_alarm, month_alarm, century;
	u16 boot_flags;
	u8 reserved2;
	u32 flags;
	struct acpi_address reset;
	u8 reset_value;
	u16 arm_boot_flags;
	u8 minor_version;
	u64 x_facs, x_dsdt;
	struct acpi_address x_pm1a_event, x_pm1b_event, x_pm1a_control,
			    x_pm1b_control, x_pm2_control, x_pm_timer,
			    x_gpe0, x_gpe1, sleep_control, sleep_status;
	u64 hypervisor_id;
} __packed;
ABI_SIZE(struct acpi_fadt, 276);

/* Fixed feature flags */
#define FADT_WBINVD		BIT(0)
#define FADT_PROC_C1		BIT(2)
#define FADT_NO_POWER_BUTTON	BIT(4)
#define FADT_NO_SLEEP_BUTTON	BIT(5)
#define FADT_TIMER_32BIT	BIT(8)
#define FADT_RESET_REGISTER	BIT(10)
#define FADT_HEADLESS		BIT(12)
/* Boot architecture flags: what of a PC is there, and bit 1 (8042) is not */
#define FADT_LEGACY_DEVICES	BIT(0)
#define FADT_NO_VGA		BIT(2)
#define FADT_NO_MSI		BIT(3)
#define FADT_NO_ASPM		BIT(4)

struct acpi_facs {
	char signature[4];
	u32 length, hardware_signature, waking_vector, global_lock, flags;
	u64 x_waking_vector;
	u8 version;
	u8 reserved[31];
} __packed;
ABI_SIZE(struct acpi_facs, 64);

struct acpi_madt {
	struct acpi_header header;
	u32 lapic_gpa;
	u32 flags;		/* bit 0: there are 8259s too */
} __packed;
ABI_SIZE(struct acpi_madt, 44);

struct madt_lapic {
	u8 type, length;	/* 0 */
	u8 processor, id;
	u32 flags;		/* bit 0: enabled */
} __packed;
ABI_SIZE(struct madt_lapic, 8);

struct madt_ioapic {
	u8 type, length;	/* 1 */
	u8 id, reserved;
	u32 gpa, gsi_base;
} __packed;
ABI_SIZE(struct madt_ioapic, 12);

/* An ISA interrupt that is not what its number says. */
struct madt_override {
	u8 type, length;	/* 2 */
	u8 bus, irq;
	u32 gsi;
	u16 flags;		/* MADT_* */
} __packed;
ABI_SIZE(struct madt_override, 10);

#define MADT_ACTIVE_HIGH	(1u << 0)
#define MADT_LEVEL		(3u << 2)

struct madt_lapic_nmi {
	u8 type, length;	/* 4 */
	u8 processor;		/* 255: all */
	u16 flags;
	u8 lint;
} __packed;
ABI_SIZE(struct madt_lapic_nmi, 6);

#endif
