/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the machine's ACPI tables. Firmware is believed no further than its
 * checksums and lengths.
 */
#ifndef VMM_CORE_CPU_FIRMWARE_H
#define VMM_CORE_CPU_FIRMWARE_H

#include "vmm-core/abi/anchor.h"
#include "vmm-core/lib/types.h"

#define FIRMWARE_IOAPICS_MAX	16
#define ISA_IRQS		16

struct firmware_ioapic {
	u32 hpa;
	u32 gsi_base;
};

/* Where an ISA interrupt arrives, when not at the GSI of its own number. */
struct firmware_isa {
	u32 gsi;
	u16 flags;		/* MPS INTI: polarity in 1:0, trigger in 3:2 */
};

struct firmware {
	u64 apic_hpa;
	unsigned int cpus;	/* usable ones, at most ANCHOR_CPUS_MAX */
	u32 apic_id[ANCHOR_CPUS_MAX];
	unsigned int ioapics;
	struct firmware_ioapic ioapic[FIRMWARE_IOAPICS_MAX];
	struct firmware_isa isa[ISA_IRQS];
	u16 pm_timer_port;	/* 0: none */
};

/* Refuses when the tables are missing or damaged. */
void firmware_read(struct firmware *fw);

#endif
