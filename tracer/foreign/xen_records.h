/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The records of an xentrace file: Xen, xen/include/public/trace.h.
 */
#ifndef TRACER_FOREIGN_XEN_RECORDS_H
#define TRACER_FOREIGN_XEN_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define XEN_WORDS_MAX	7

enum xen_event {
	XEN_LOST = 0x01f001,
	XEN_CPU_CHANGE = 0x01f003,
	/* with the old state in bits 8 to 11, the new in bits 4 to 7 */
	XEN_RUNSTATE = 0x021001,
	XEN_CONTINUE_RUNNING = 0x021002,
	XEN_ENTRY = 0x081001,
	XEN_EXIT = 0x081002,	/* until 4.17 of both vendors, then of Intel */
	XEN_SVM_EXIT = 0x081003,
	XEN_CR_READ = 0x082008,
	XEN_CR_WRITE = 0x082009,
	XEN_DR_READ = 0x08200a,
	XEN_DR_WRITE = 0x08200b,
	XEN_MSR_READ = 0x08200c,
	XEN_MSR_WRITE = 0x08200d,
	XEN_CPUID = 0x08200e,
	XEN_INTR = 0x08200f,
	XEN_VMMCALL = 0x082012,
	XEN_IOPORT_READ = 0x082016,
	XEN_IOMEM_READ = 0x082017,
	XEN_NPF = 0x082021,
	XEN_IOPORT_WRITE = 0x082216,
	XEN_IOMEM_WRITE = 0x082217,
	XEN_PV_HYPERCALL = 0x201001,
	XEN_PV_TRAP = 0x201003,
	XEN_PV_PAGE_FAULT = 0x201004,
	XEN_PV_FORCED_INVALID_OP = 0x201005,
	XEN_PV_PRIVOP = 0x201006,
	XEN_PV_4GB = 0x201007,
	XEN_PV_FPU = 0x201008,
	XEN_PV_PAGING_FIXUP = 0x201009,
	XEN_PV_GDT_LDT_FAULT = 0x20100a,
	XEN_PV_PTWR = 0x20100b,
	XEN_PV_PTWR_PAE = 0x20100c,
	XEN_PV_HYPERCALL_V2 = 0x20100d,
	XEN_PV_SUBCALL = 0x20200e,
};

/* in events of HVM and PV: addresses have 64 bits */
#define XEN_64		0x100
/* in exits and entries: the guest's own guest ran */
#define XEN_NESTED	0x400

struct xen_record {
	uint32_t event;		/* enum xen_event, or another, with flags */
	bool timed;
	uint64_t tsc;
	unsigned int words;
	uint32_t word[XEN_WORDS_MAX];	/* 0 beyond `words` */
};

struct xen_bytes {
	const char *at;
	size_t bytes;
};

/* 1: *r is the record at *at, which moves on. 0: the end. -EBADMSG: cut. */
int xen_record_next(const struct xen_bytes *file, size_t *at,
		    struct xen_record *r);

static inline bool xen_is_runstate(uint32_t event)
{
	return (event & 0x0ffff00f) == XEN_RUNSTATE;
}

/* From word i on: 64 bits. */
static inline uint64_t xen_long(const struct xen_record *r, unsigned int i)
{
	return r->word[i] | (uint64_t)r->word[i + 1] << 32;
}

#endif
