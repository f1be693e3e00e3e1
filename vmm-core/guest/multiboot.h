/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Multiboot Specification 0.6.96, as far as a loader of ELF images
 * needs it, and the ELF headers it reads.
 */
#ifndef VMM_CORE_GUEST_MULTIBOOT_H
#define VMM_CORE_GUEST_MULTIBOOT_H

#include "vmm-core/lib/types.h"

#define MULTIBOOT_SEARCH_BYTES	8192
#define MULTIBOOT_HEADER_MAGIC	0x1badb002u
#define MULTIBOOT_BOOT_MAGIC	0x2badb002u
/* low half: features that a loader must know or refuse */
#define MULTIBOOT_PAGE_ALIGN	BIT(0)
#define MULTIBOOT_MEMORY_INFO	BIT(1)
#define MULTIBOOT_MUST_KNOW	0xffffu

struct multiboot_header {
	u32 magic, flags, checksum;
};

/* multiboot_info.flags */
#define INFO_MEMORY	BIT(0)
#define INFO_CMDLINE	BIT(2)
#define INFO_MODULES	BIT(3)
#define INFO_MMAP	BIT(6)
#define INFO_LOADER	BIT(9)

struct multiboot_info {
	u32 flags;
	u32 mem_lower, mem_upper;	/* KiB, from 0 and from 1 MiB */
	u32 boot_device, cmdline;
	u32 mods_count, mods_addr;
	u32 syms[4];
	u32 mmap_length, mmap_addr;
	u32 drives_length, drives_addr, config_table, boot_loader_name;
};

struct multiboot_module {
	u32 start, end, text, reserved;
};

struct multiboot_mmap {
	u32 size;			/* of what follows */
	u64 base, bytes;
	u32 type;
} __packed;

#define ELF_IDENT	"\177ELF"
#define ELF_CLASS	4		/* index of the class byte */
#define ELF_CLASS_32	1
#define ELF_TYPE_EXEC	2
#define ELF_MACHINE_386	3
#define ELF_PT_LOAD	1
#define ELF_SEGMENTS_MAX 64

struct elf32_header {
	u8 ident[16];
	u16 type, machine;
	u32 version, entry, phoff, shoff, flags;
	u16 ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};
ABI_SIZE(struct elf32_header, 52);

struct elf32_segment {
	u32 type, offset, vaddr, paddr, filesz, memsz, flags, align;
};
ABI_SIZE(struct elf32_segment, 32);

#endif
