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

/* Where the BIOS begins: a reset by the keyboard controller, in the bytes of
 * 16-bit code that mean the same to any other. */
static void reset_vector_load(struct vm *vm)
{
	static const u8 code[] = {
		0xb0, 0xfe,	/* mov $0xfe, %al */
		0xe6, 0x64,	/* out %al, $0x64 */
		0xf4,		/* hlt */
		0xeb, 0xfd,	/* jmp to the hlt */
	};

	memcpy(vm_memory(vm, GUEST_RESET_GPA, sizeof(code)), code,
	       sizeof(code));
}

static bool is_gzip(const struct guest_image *image)
{
	return image->kernel_bytes > 2 && image->kernel[0] == 0x1f &&
	       image->kernel[1] == 0x8b;
}

int guest_load(struct vm *vm, const struct guest_image *image)
{
	if (guest_low_ram_end(vm) < RAM_BYTES_MIN) {
		printk("guest: %llu KiB of RAM are too few: at least 2 MiB\n",
		       guest_low_ram_end(vm) >> 10);
		return -ENOMEM;
	}
	reset_vector_load(vm);
	if (bzimage_recognize(image))
		return bzimage_load(vm, image, guest_acpi_build(vm));
	if (multiboot_recognize(image)) {
		guest_acpi_build(vm);
		return multiboot_load(vm, image);
	}
	if (is_gzip(image)) {
		printk("guest: the kernel is compressed by gzip: gunzip it\n");
		return -ENOEXEC;
	}
	printk("guest: the kernel is neither a Linux bzImage (no \"HdrS\" at "
	       "0x202) nor a multiboot image (no header in its first 8 KiB)\n");
	return -ENOEXEC;
}
