/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pages of APICs: registers of 32 bits, 16 bytes apart. The bytes
 * between them read as 0.
 */
#ifndef VMM_CORE_DEV_IRQ_APIC_PAGE_H
#define VMM_CORE_DEV_IRQ_APIC_PAGE_H

#include "vmm-core/dev/bus.h"
#include "vmm-core/lib/types.h"

static inline u32 apic_page_offset(struct bus_access at)
{
	return at.address & 0xff0;
}

/* The part of a register that is read. */
static inline u64 apic_page_value(u32 whole, struct bus_access at)
{
	unsigned int shift = (at.address & 0xf) * 8;

	return shift < 32 ? whole >> shift : 0;
}

/* A write of anything but a whole register is undefined: ignored. */
static inline bool apic_page_whole(struct bus_access at)
{
	return !(at.address & 0xf) && at.bytes >= 4;
}

#endif
