/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loading a guest: which kind of kernel is it, and what all kinds share.
 */
#include "vmm-core/guest/guest.h"

#include "vmm-core/guest/layout.h"
#include "vmm-core/guest/loaders.h"
#include "vmm-core/lib/printk.h"
#include "vmm-core/lib/string.h"
#include "vmm-core/vcpu/vcpu.h"
#include "vmm-core/vcpu/vm.h"

/* Less does not hold the low megabyte and the smallest kernel. */
#define RAM_BYTES_MIN	(2ull << 20)

int cmdline_load(struct vm *vm, const char *cmdline, u64 limit)
{
	u64 bytes = strlen(cmdline) + 1;

	if (bytes > GUEST_CMDLINE_BYTES)
		bytes = ~0ull;
	if (bytes - 1 > limit) {
		printk("guest: the command line is longer than the %llu "
		       "bytes that this kernel takes\n",
		       limit < GUEST_CMDLINE_BYTES ? limit :
						     GUEST_CMDLINE_BYTES - 1);
		return -EINVAL;
	}
	memcpy(vm_memory(vm, GUEST_CMDLINE_GPA, bytes), cmdline, bytes);
	return 0;
}

int guest_load(struct vm *vm, const struct guest_image *image)
{
	if (guest_low_ram_end(vm) < RAM_BYTES_MIN) {
		printk("guest: %llu KiB of RAM are too few: at least 2 MiB\n",
		       guest_low_ram_end(vm) >> 10);
		return -ENOMEM;
	}
	if (bzimage_recognize(image))
		return bzimage_load(vm, image, guest_acpi_build(vm));
	if (multiboot_recognize(image)) {
		guest_acpi_build(vm);
		return multiboot_load(vm, image);
	}
	printk("guest: the kernel is neither a Linux bzImage (no \"HdrS\" at "
	       "0x202) nor a multiboot image (no header in its first 8 KiB)\n");
	return -ENOEXEC;
}
