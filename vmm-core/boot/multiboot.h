/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The boot loader's information (Multiboot Specification 0.6.96), copied out
 * of its memory: only the modules need care afterwards.
 */
#ifndef VMM_CORE_BOOT_MULTIBOOT_H
#define VMM_CORE_BOOT_MULTIBOOT_H

#include "vmm-core/lib/types.h"

#define BOOT_RAM_MAX		64
#define BOOT_MODULES_MAX	16
#define BOOT_TEXT_MAX		4096

/* below are firmware's data and devices: never in the pool */
#define LOW_MEMORY_END		(1ull << 20)

struct boot_range {
	u64 start, end;
};

struct boot_module {
	struct boot_range at;
	char text[BOOT_TEXT_MAX];
};

struct boot_info {
	/* QEMU puts the file's name before every command line, GRUB does not */
	bool names_first;
	char cmdline[BOOT_TEXT_MAX];
	unsigned int ram_count, modules_count;
	struct boot_range ram[BOOT_RAM_MAX];
	struct boot_module module[BOOT_MODULES_MAX];
};

/* Refuses when there was no such loader, or it passed impossible values. */
void multiboot_read(u32 magic, u32 info_hpa, struct boot_info *boot);

#endif
