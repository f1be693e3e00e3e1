/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading the multiboot information. All its addresses have 32 bits and are
 * mapped, so the worst a bad one does is to give bytes that make no sense.
 */
#include "vmm-core/boot/multiboot.h"

#include "vmm-core/guest/layout.h"
#include "vmm-core/guest/multiboot.h"
#include "vmm-core/lib/stop.h"
#include "vmm-core/lib/string.h"
#include "vmm-core/mm/mm.h"

static void copy_text(char *to, u32 from, const char *whose)
{
	if (!from)
		return;
	for (unsigned int i = 0; i < BOOT_TEXT_MAX; i++) {
		to[i] = ((const char *)hva(from))[i];
		if (!to[i])
			return;
	}
	refuse("the command line of %s is longer than %d bytes", whose,
	       BOOT_TEXT_MAX - 1);
}

static void read_ram(const struct multiboot_info *info, struct boot_info *boot)
{
	u64 at = info->mmap_addr, end = at + info->mmap_length;
	const struct multiboot_mmap *entry;

	for (; at + sizeof(*entry) <= end; at += entry->size + 4ull) {
		entry = hva(at);
		if (entry->type != MEMORY_RAM ||
		    entry->bytes > ~0ull - entry->base)
			continue;
		if (boot->ram_count == BOOT_RAM_MAX)
			refuse("the boot loader's memory map has more than "
			       "%d entries of RAM", BOOT_RAM_MAX);
		boot->ram[boot->ram_count++] = (struct boot_range){
			entry->base, entry->base + entry->bytes
		};
	}
}

static void read_modules(const struct multiboot_info *info,
			 struct boot_info *boot)
{
	const struct multiboot_module *from = hva(info->mods_addr);
	struct boot_module *to;

	if (info->mods_count > BOOT_MODULES_MAX)
		refuse("%u boot modules, at most %d are possible",
		       info->mods_count, BOOT_MODULES_MAX);
	for (; boot->modules_count < info->mods_count; from++) {
		to = &boot->module[boot->modules_count++];
		to->at.start = from->start;
		to->at.end = from->end;
		if (to->at.end < to->at.start)
			refuse("boot module %u ends before it starts",
			       boot->modules_count);
		/* where the other CPUs' start code goes, and nobody reserves */
		if (to->at.start < LOW_MEMORY_END)
			refuse("boot module %u lies below 1 MiB",
			       boot->modules_count);
		copy_text(to->text, from->text, "a boot module");
	}
}

void multiboot_read(u32 magic, u32 info_hpa, struct boot_info *boot)
{
	const struct multiboot_info *info = hva(info_hpa);

	if (magic != MULTIBOOT_BOOT_MAGIC)
		refuse("not started by a multiboot loader (EAX is 0x%x): "
		       "use GRUB's `multiboot` or QEMU's -kernel", magic);
	if (!(info->flags & INFO_MMAP))
		refuse("the boot loader passed no memory map");
	read_ram(info, boot);
	if (info->flags & INFO_LOADER && info->boot_loader_name)
		boot->names_first = !strncmp(hva(info->boot_loader_name),
					     "qemu", 4);
	if (info->flags & INFO_CMDLINE)
		copy_text(boot->cmdline, info->cmdline, "the core");
	if (info->flags & INFO_MODULES)
		read_modules(info, boot);
}
