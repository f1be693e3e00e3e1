/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux, by the 32-bit boot protocol ("The Linux/x86 Boot Protocol" in the
 * kernel's documentation): the setup header of the file is checked, copied
 * into boot_params and completed, the rest goes to 1 MiB, the initrd as high
 * as the kernel allows.
 *
 * The file is a stranger's: every field is checked against its length
 * before it is used.
 */
#include "vmm-core/guest/loaders.h"

#include "vmm-core/guest/layout.h"
#include "vmm-core/lib/printk.h"
#include "vmm-core/lib/string.h"
#include "vmm-core/mm/mm.h"
#include "vmm-core/vcpu/vcpu.h"
#include "vmm-core/vcpu/vm.h"

#define SECTOR_BYTES	512ull
#define PARAGRAPH_BYTES	16ull
/* files that leave setup_sects at 0 mean this */
#define SETUP_SECTS_DEFAULT 4

#define HDRS_MAGIC	0x53726448	/* "HdrS" */
#define PROTOCOL_MIN	0x206		/* cmdline_size exists */
#define PROTOCOL_RELOCATION 0x20a	/* pref_address, init_size exist */
#define PROTOCOL_RSDP	0x20e		/* acpi_rsdp_addr exists */
#define LOADED_HIGH	BIT(0)
#define LOADER_UNKNOWN	0xff

#define E820_MAX	128

struct setup_header {
	u8 setup_sects;
	u16 root_flags;
	u32 syssize;		/* in paragraphs */
	u16 ram_size, vid_mode, root_dev, boot_flag;
	u16 jump;		/* its second byte: the header's end - 0x202 */
	u32 header;
	u16 version;
	u32 realmode_swtch;
	u16 start_sys_seg, kernel_version;
	u8 type_of_loader, loadflags;
	u16 setup_move_size;
	u32 code32_start, ramdisk_image, ramdisk_size, bootsect_kludge;
	u16 heap_end_ptr;
	u8 ext_loader_ver, ext_loader_type;
	u32 cmd_line_ptr, initrd_addr_max;
	u32 kernel_alignment;
	u8 relocatable_kernel, min_alignment;
	u16 xloadflags;
	u32 cmdline_size, hardware_subarch;
	u64 hardware_subarch_data;
	u32 payload_offset, payload_length;
	u64 setup_data, pref_address;
	u32 init_size, handover_offset, kernel_info_offset;
} __packed;

#define SETUP_HEADER_OFFSET	0x1f1
ABI_OFFSET(struct setup_header, header, 0x202 - SETUP_HEADER_OFFSET);
ABI_OFFSET(struct setup_header, cmdline_size, 0x238 - SETUP_HEADER_OFFSET);
ABI_OFFSET(struct setup_header, init_size, 0x260 - SETUP_HEADER_OFFSET);

struct e820_entry {
	u64 gpa, bytes;
	u32 type;
} __packed;

struct boot_params {
	u8 screen_info[0x70];
	u64 acpi_rsdp_addr;
	u8 unused1[0x1e8 - 0x78];
	u8 e820_entries;
	u8 unused2[SETUP_HEADER_OFFSET - 0x1e9];
	struct setup_header hdr;
	u8 unused3[0x2d0 - SETUP_HEADER_OFFSET - sizeof(struct setup_header)];
	struct e820_entry e820[E820_MAX];
	u8 unused4[GUEST_INFO_BYTES - 0x2d0 -
		   E820_MAX * sizeof(struct e820_entry)];
} __packed;
ABI_SIZE(struct boot_params, GUEST_INFO_BYTES);
ABI_OFFSET(struct boot_params, e820, 0x2d0);

/* The header, checked, and where everything goes. */
struct bzimage {
	const struct setup_header *hdr;
	u64 setup_bytes;	/* real-mode part of the file, not used */
	u64 payload_bytes;	/* of the file, from setup_bytes on */
	u64 kernel_end_gpa;	/* no byte from here on is the kernel's */
	u64 initrd_gpa;
};

static const struct setup_header *file_header(const struct guest_image *image)
{
	return (const void *)(image->kernel + SETUP_HEADER_OFFSET);
}

bool bzimage_recognize(const struct guest_image *image)
{
	return image->kernel_bytes >=
		       SETUP_HEADER_OFFSET + sizeof(struct setup_header) &&
	       file_header(image)->header == HDRS_MAGIC;
}

static int check_version(const struct setup_header *hdr)
{
	if (hdr->version < PROTOCOL_MIN) {
		printk("guest: the kernel speaks boot protocol %u.%02u; 2.06 "
		       "or later is needed\n",
		       hdr->version >> 8, hdr->version & 0xff);
		return -ENOEXEC;
	}
	if (!(hdr->loadflags & LOADED_HIGH)) {
		printk("guest: the kernel is a zImage, which loads below 1 "
		       "MiB; only a bzImage can be started\n");
		return -ENOEXEC;
	}
	return 0;
}

static int check_length(const struct guest_image *image, struct bzimage *bz)
{
	const struct setup_header *hdr = bz->hdr;
	u64 sects = hdr->setup_sects ? hdr->setup_sects : SETUP_SECTS_DEFAULT;
	u64 needed;

	bz->setup_bytes = (sects + 1) * SECTOR_BYTES;
	needed = bz->setup_bytes + hdr->syssize * PARAGRAPH_BYTES;
	/* syssize is rounded up: the last paragraph may be a partial one */
	if (image->kernel_bytes + PARAGRAPH_BYTES <= needed) {
		printk("guest: the kernel is truncated: its header says %llu "
		       "bytes, the file has %llu\n",
		       needed, image->kernel_bytes);
		return -EINVAL;
	}
	if (image->kernel_bytes <= bz->setup_bytes) {
		printk("guest: the kernel has nothing behind its setup code\n");
		return -EINVAL;
	}
	bz->payload_bytes = image->kernel_bytes - bz->setup_bytes;
	return 0;
}

/* The kernel needs RAM to unpack itself in, which the header tells. */
static int place_kernel(struct vm *vm, struct bzimage *bz)
{
	const struct setup_header *hdr = bz->hdr;
	u64 end = GUEST_HIGH_GPA + bz->payload_bytes;

	if (hdr->version >= PROTOCOL_RELOCATION) {
		u64 unpacked = hdr->pref_address + hdr->init_size;

		if (unpacked < hdr->pref_address)
			unpacked = ~0ull;
		end = unpacked > end ? unpacked : end;
	}
	bz->kernel_end_gpa = end;
	if (end > guest_low_ram_end(vm)) {
		printk("guest: the kernel needs %llu MiB of RAM to start, "
		       "the VM has %llu\n",
		       ALIGN_UP(end, 1 << 20) >> 20, vm->ram_bytes >> 20);
		return -ENOMEM;
	}
	return 0;
}

static int place_initrd(struct vm *vm, const struct guest_image *image,
			struct bzimage *bz)
{
	u64 top = guest_low_ram_end(vm);

	if (!image->initrd || !image->initrd_bytes)
		return 0;
	if (top > bz->hdr->initrd_addr_max + 1ull)
		top = bz->hdr->initrd_addr_max + 1ull;
	if (image->initrd_bytes > top ||
	    ALIGN_DOWN(top - image->initrd_bytes, PAGE_BYTES) <
		    bz->kernel_end_gpa) {
		printk("guest: the initrd (%llu KiB) does not fit between "
		       "the kernel, which takes all up to %llu MiB, and %llu "
		       "MiB\n",
		       image->initrd_bytes >> 10,
		       ALIGN_UP(bz->kernel_end_gpa, 1 << 20) >> 20, top >> 20);
		return -ENOMEM;
	}
	bz->initrd_gpa = ALIGN_DOWN(top - image->initrd_bytes, PAGE_BYTES);
	return 0;
}

static void write_e820(struct vm *vm, struct boot_params *params)
{
	struct memory_range ranges[MEMORY_RANGES_MAX];
	unsigned int count = guest_memory_map(vm, ranges), i;

	for (i = 0; i < count; i++)
		params->e820[i] = (struct e820_entry){
			ranges[i].gpa, ranges[i].bytes, ranges[i].type };
	params->e820_entries = (u8)count;
}

static void write_params(struct vm *vm, const struct guest_image *image,
			 const struct bzimage *bz, u64 rsdp_gpa)
{
	struct boot_params *params =
		vm_memory(vm, GUEST_INFO_GPA, sizeof(*params));
	u64 header_bytes = 0x11ull + (bz->hdr->jump >> 8);

	/* a header longer than we know of is cut; the rest stays zero */
	if (header_bytes > sizeof(params->hdr))
		header_bytes = sizeof(params->hdr);
	memset(params, 0, sizeof(*params));
	memcpy(&params->hdr, bz->hdr, header_bytes);
	params->hdr.type_of_loader = LOADER_UNKNOWN;
	params->hdr.code32_start = GUEST_HIGH_GPA;
	params->hdr.cmd_line_ptr = GUEST_CMDLINE_GPA;
	if (bz->initrd_gpa) {
		params->hdr.ramdisk_image = (u32)bz->initrd_gpa;
		params->hdr.ramdisk_size = (u32)image->initrd_bytes;
	}
	if (bz->hdr->version >= PROTOCOL_RSDP)
		params->acpi_rsdp_addr = rsdp_gpa;
	write_e820(vm, params);
}

static int check(struct vm *vm, const struct guest_image *image,
		 struct bzimage *bz)
{
	int err = check_version(bz->hdr);

	if (!err)
		err = check_length(image, bz);
	if (!err)
		err = place_kernel(vm, bz);
	if (!err)
		err = place_initrd(vm, image, bz);
	return err;
}

int bzimage_load(struct vm *vm, const struct guest_image *image, u64 rsdp_gpa)
{
	struct bzimage bz = { .hdr = file_header(image) };
	int err = check(vm, image, &bz);

	if (!err)
		err = cmdline_load(vm, image->cmdline, bz.hdr->cmdline_size);
	if (err)
		return err;

	memcpy(vm_memory(vm, GUEST_HIGH_GPA, bz.payload_bytes),
	       image->kernel + bz.setup_bytes, bz.payload_bytes);
	if (bz.initrd_gpa)
		memcpy(vm_memory(vm, bz.initrd_gpa, image->initrd_bytes),
		       image->initrd, image->initrd_bytes);
	write_params(vm, image, &bz, rsdp_gpa);
	guest_start_flat(vm, GUEST_HIGH_GPA);
	vm->vcpu[0]->gpr[RSI] = GUEST_INFO_GPA;
	return 0;
}
