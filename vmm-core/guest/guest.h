/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Putting a guest into a VM's RAM: a Linux bzImage with its initrd, or a
 * multiboot1 ELF image; ACPI tables; the first register state.
 */
#ifndef VMM_CORE_GUEST_GUEST_H
#define VMM_CORE_GUEST_GUEST_H

#include "vmm-core/lib/types.h"

struct vm;

struct guest_image {
	const u8 *kernel;
	u64 kernel_bytes;
	const u8 *initrd;	/* NULL: none */
	u64 initrd_bytes;
	const char *cmdline;	/* NUL-terminated */
};

/*
 * Recognizes the kernel by its header, loads everything and sets vCPU 0 up to
 * start it. Negative errno, with the reason already printed: -ENOEXEC not a
 * kernel we know, -ENOMEM does not fit, -EINVAL truncated.
 */
int guest_load(struct vm *vm, const struct guest_image *image);

/* Writes RSDP, XSDT, FADT, FACS, MADT and DSDT; returns the RSDP's address. */
u64 guest_acpi_build(struct vm *vm);

#endif
