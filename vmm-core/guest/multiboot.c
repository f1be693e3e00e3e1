/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Multiboot1 images in ELF32 (a 64-bit kernel becomes one with objcopy):
 * small test kernels. Loaded where their program headers say, started with
 * the memory map, the command line, and an initrd as the only module.
 *
 * The file is a stranger's: offsets and lengths are checked before use.
 */
#include "vmm-core/guest/multiboot.h"

#include "vmm-core/guest/layout.h"
#include "vmm-core/guest/loaders.h"
#include "vmm-core/lib/printk.h"
#include "vmm-core/lib/string.h"
#include "vmm-core/mm/mm.h"
#include "vmm-core/vcpu/vcpu.h"
#include "vmm-core/vcpu/vm.h"

/* The information for the kernel, in one page. */
struct info_page {
	struct multiboot_info info;
	struct multiboot_module module;
	struct multiboot_mmap mmap[MEMORY_RANGES_MAX];
	char loader[16];
};
_Static_assert(sizeof(struct info_page) <= GUEST_INFO_BYTES, "one page");

#define INFO_GPA(field) \
	(GUEST_INFO_GPA + (u32)__builtin_offsetof(struct info_page, field))

static const struct multiboot_header *find_header(const struct guest_image *i)
{
	u64 end = i->kernel_bytes < MULTIBOOT_SEARCH_BYTES ?
		  i->kernel_bytes : MULTIBOOT_SEARCH_BYTES;
	u64 at;

	for (at = 0; at + sizeof(struct multiboot_header) <= end; at += 4) {
		const struct multiboot_header *h =
			(const void *)(i->kernel + at);

		if (h->magic == MULTIBOOT_HEADER_MAGIC &&
		    h->magic + h->flags + h->checksum == 0)
			return h;
	}
	return NULL;
}

bool multiboot_recognize(const struct guest_image *image)
{
	return find_header(image);
}

static int check_elf(const struct guest_image *image)
{
	const struct elf32_header *elf = (const void *)image->kernel;
	u32 unknown = find_header(image)->flags & MULTIBOOT_MUST_KNOW &
		      ~(u32)(MULTIBOOT_PAGE_ALIGN | MULTIBOOT_MEMORY_INFO);

	if (unknown) {
		printk("guest: the multiboot header asks for features 0x%x, "
		       "which this loader does not have\n",
		       unknown);
		return -ENOEXEC;
	}
	if (image->kernel_bytes < sizeof(*elf) ||
	    memcmp(elf->ident, ELF_IDENT, 4) ||
	    elf->ident[ELF_CLASS] != ELF_CLASS_32 ||
	    elf->type != ELF_TYPE_EXEC || elf->machine != ELF_MACHINE_386) {
		printk("guest: the multiboot image is not a 32-bit x86 ELF "
		       "executable (objcopy -O elf32-i386 makes one of a "
		       "64-bit link)\n");
		return -ENOEXEC;
	}
	if (!elf->phnum || elf->phnum > ELF_SEGMENTS_MAX ||
	    elf->phentsize != sizeof(struct elf32_segment)) {
		printk("guest: the ELF image has %u program headers of %u "
		       "bytes; expected 1 to %u of %u\n",
		       elf->phnum, elf->phentsize, ELF_SEGMENTS_MAX,
		       (unsigned int)sizeof(struct elf32_segment));
		return -ENOEXEC;
	}
	if ((u64)elf->phoff + elf->phnum * sizeof(struct elf32_segment) >
	    image->kernel_bytes) {
		printk("guest: the ELF image is truncated: its program "
		       "headers lie behind its end\n");
		return -EINVAL;
	}
	return 0;
}

/* In RAM, and where nothing of ours is: below 1 MiB there are the GDT, the
 * information and the command line. */
static bool segment_fits(struct vm *vm, u64 start, u64 end)
{
	if (start >= GUEST_HIGH_GPA)
		return end <= guest_low_ram_end(vm);
	if (start >= GUEST_CMDLINE_GPA + GUEST_CMDLINE_BYTES)
		return end <= GUEST_LOW_END;
	return start >= GUEST_INFO_GPA + GUEST_INFO_BYTES &&
	       end <= GUEST_CMDLINE_GPA;
}

static int load_segment(struct vm *vm, const struct guest_image *image,
			const struct elf32_segment *segment)
{
	u64 end = (u64)segment->paddr + segment->memsz;
	u8 *to;

	if (segment->type != ELF_PT_LOAD || !segment->memsz)
		return 0;
	if (segment->filesz > segment->memsz ||
	    (u64)segment->offset + segment->filesz > image->kernel_bytes) {
		printk("guest: the ELF image is truncated: its segment at "
		       "0x%x lies behind its end\n",
		       segment->paddr);
		return -EINVAL;
	}
	if (!segment_fits(vm, segment->paddr, end)) {
		printk("guest: the ELF segment 0x%x to 0x%llx lies outside "
		       "of the RAM, 0x%x to 0x%x and 0x%x to 0x%llx\n",
		       segment->paddr, end, GUEST_INFO_GPA + GUEST_INFO_BYTES,
		       GUEST_CMDLINE_GPA, GUEST_HIGH_GPA,
		       guest_low_ram_end(vm));
		return -ENOMEM;
	}
	to = vm_memory(vm, segment->paddr, segment->memsz);
	memcpy(to, image->kernel + segment->offset, segment->filesz);
	memset(to + segment->filesz, 0, segment->memsz - segment->filesz);
	return 0;
}

/* end_gpa: behind the last segment. */
static int load_segments(struct vm *vm, const struct guest_image *image,
			 u64 *end_gpa)
{
	const struct elf32_header *elf = (const void *)image->kernel;
	struct elf32_segment segment;
	unsigned int i;
	int err;

	*end_gpa = GUEST_HIGH_GPA;
	for (i = 0; i < elf->phnum; i++) {
		/* phoff need not be aligned */
		memcpy(&segment,
		       image->kernel + elf->phoff + i * sizeof(segment),
		       sizeof(segment));
		err = load_segment(vm, image, &segment);
		if (err)
			return err;
		if (segment.type == ELF_PT_LOAD &&
		    (u64)segment.paddr + segment.memsz > *end_gpa)
			*end_gpa = (u64)segment.paddr + segment.memsz;
	}
	return 0;
}

static int load_module(struct vm *vm, const struct guest_image *image,
		       u64 kernel_end_gpa, struct multiboot_module *module)
{
	u64 start = ALIGN_UP(kernel_end_gpa, PAGE_BYTES);
	u8 *to = vm_memory(vm, start, image->initrd_bytes);

	if (!to) {
		printk("guest: the initrd (%llu KiB) does not fit behind the "
		       "kernel, which ends at 0x%llx\n",
		       image->initrd_bytes >> 10, kernel_end_gpa);
		return -ENOMEM;
	}
	memcpy(to, image->initrd, image->initrd_bytes);
	module->start = (u32)start;
	module->end = (u32)(start + image->initrd_bytes);
	module->text = GUEST_CMDLINE_GPA;
	return 0;
}

static void write_mmap(struct vm *vm, struct info_page *page)
{
	struct memory_range ranges[MEMORY_RANGES_MAX];
	unsigned int count = guest_memory_map(vm, ranges), i;

	for (i = 0; i < count; i++)
		page->mmap[i] = (struct multiboot_mmap){
			.size = sizeof(page->mmap[i]) - 4,
			.base = ranges[i].gpa,
			.bytes = ranges[i].bytes,
			.type = ranges[i].type,
		};
	page->info.mmap_addr = INFO_GPA(mmap);
	page->info.mmap_length = count * (u32)sizeof(page->mmap[0]);
}

static void write_info(struct vm *vm, struct info_page *page)
{
	page->info.flags |= INFO_MEMORY | INFO_CMDLINE | INFO_MMAP |
			    INFO_LOADER;
	page->info.mem_lower = GUEST_LOW_END >> 10;
	page->info.mem_upper =
		(u32)((guest_low_ram_end(vm) - GUEST_HIGH_GPA) >> 10);
	page->info.cmdline = GUEST_CMDLINE_GPA;
	page->info.boot_loader_name = INFO_GPA(loader);
	memcpy(page->loader, "vmm-core", sizeof("vmm-core"));
	write_mmap(vm, page);
}

int multiboot_load(struct vm *vm, const struct guest_image *image)
{
	const struct elf32_header *elf = (const void *)image->kernel;
	struct info_page *page = vm_memory(vm, GUEST_INFO_GPA, sizeof(*page));
	u64 end_gpa;
	int err = check_elf(image);

	if (!err)
		err = load_segments(vm, image, &end_gpa);
	if (!err)
		err = cmdline_load(vm, image->cmdline, GUEST_CMDLINE_BYTES - 1);
	if (err)
		return err;

	memset(page, 0, sizeof(*page));
	if (image->initrd && image->initrd_bytes) {
		err = load_module(vm, image, end_gpa, &page->module);
		if (err)
			return err;
		page->info.flags |= INFO_MODULES;
		page->info.mods_count = 1;
		page->info.mods_addr = INFO_GPA(module);
	}
	write_info(vm, page);
	guest_start_flat(vm, elf->entry);
	vm->vcpu[0]->gpr[RAX] = MULTIBOOT_BOOT_MAGIC;
	vm->vcpu[0]->gpr[RBX] = GUEST_INFO_GPA;
	return 0;
}
