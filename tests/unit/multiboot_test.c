/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The multiboot1 loader: segments, information, module, and refusals.
 */
#include "tests/unit/core_vm.h"

#include "vmm-core/guest/layout.c"
#include "vmm-core/guest/load.c"
#include "vmm-core/guest/multiboot.c"

/* ELF header, two program headers, multiboot header, bytes of segment 0. */
struct test_image {
	struct elf32_header elf;
	struct elf32_segment segment[2];
	struct multiboot_header multiboot;
	u8 code[1000];
};

static struct test_image file;
static u8 initrd[3000];
static struct guest_image image;

u64 guest_acpi_build(struct vm *vm)
{
	(void)vm;
	return 0xe0000;
}

bool bzimage_recognize(const struct guest_image *i)
{
	(void)i;
	return false;
}

int bzimage_load(struct vm *vm, const struct guest_image *i, u64 rsdp_gpa)
{
	(void)vm;
	(void)i;
	(void)rsdp_gpa;
	return -ENOEXEC;
}

static int load(u64 bytes)
{
	u8 *kernel = malloc(bytes ? bytes : 1);
	int err;

	assert_non_null(kernel);
	memcpy(kernel, &file, bytes);
	image.kernel = kernel;
	image.kernel_bytes = bytes;
	err = guest_load(&test_vm, &image);
	free(kernel);
	return err;
}

static void refused(int err, int expected, const char *because)
{
	assert_int_equal(err, expected);
	assert_non_null(strstr(test_log, because));
	test_log[0] = '\0';
}

static void file_init(void)
{
	memset(&file, 0, sizeof(file));
	memset(file.code, 0x90, sizeof(file.code));
	memcpy(file.elf.ident, "\177ELF\1\1\1", 7);
	file.elf.type = ELF_TYPE_EXEC;
	file.elf.machine = ELF_MACHINE_386;
	file.elf.entry = 0x200010;
	file.elf.phoff = offsetof(struct test_image, segment);
	file.elf.phentsize = sizeof(struct elf32_segment);
	file.elf.phnum = 2;
	file.segment[0] = (struct elf32_segment){
		.type = ELF_PT_LOAD,
		.offset = offsetof(struct test_image, code),
		.vaddr = 0xc0200000, .paddr = 0x200000,
		.filesz = sizeof(file.code), .memsz = 0x3000,
	};
	file.segment[1].type = 4;	/* a note is not loaded */
	file.multiboot.magic = MULTIBOOT_HEADER_MAGIC;
	file.multiboot.flags = 3;
	file.multiboot.checksum = -(MULTIBOOT_HEADER_MAGIC + 3);
}

static int setup(void **state)
{
	(void)state;
	test_vm_init(1);
	test_ram_init();
	file_init();
	memset(initrd, 0x1d, sizeof(initrd));
	image = (struct guest_image){ .cmdline = "run all" };
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	test_ram_free();
	return 0;
}

static void loads_and_starts(void **state)
{
	const struct multiboot_info *info;
	u8 *bss;

	(void)state;
	memset(vm_memory(&test_vm, 0x200000, 0x4000), 0xff, 0x4000);
	assert_int_equal(load(sizeof(file)), 0);
	assert_memory_equal(vm_memory(&test_vm, 0x200000, 1000), file.code,
			    1000);
	bss = vm_memory(&test_vm, 0x200000 + 1000, 0x3000 - 1000);
	assert_int_equal(bss[0], 0);
	assert_int_equal(bss[0x3000 - 1001], 0);
	assert_int_equal(bss[0x3000 - 1000], 0xff);

	assert_int_equal(test_vcpu[0].rip, 0x200010);
	assert_int_equal(test_vcpu[0].gpr[RAX], 0x2badb002);
	info = vm_memory(&test_vm, test_vcpu[0].gpr[RBX], sizeof(*info));
	assert_string_equal(vm_memory(&test_vm, info->cmdline, 10), "run all");
	assert_int_equal(info->flags & INFO_MODULES, 0);
	assert_int_equal(info->mem_lower, 639);
	assert_int_equal(info->mem_upper, (TEST_RAM_BYTES >> 10) - 1024);
}

static void memory_map(void **state)
{
	const struct multiboot_info *info;
	const u8 *at;
	u32 used = 0, entries = 0;
	u64 end = 0;

	(void)state;
	assert_int_equal(load(sizeof(file)), 0);
	info = vm_memory(&test_vm, test_vcpu[0].gpr[RBX], sizeof(*info));
	at = vm_memory(&test_vm, info->mmap_addr, info->mmap_length);
	for (; used < info->mmap_length; entries++) {
		struct multiboot_mmap entry;

		memcpy(&entry, at + used, sizeof(entry));
		assert_int_equal(entry.size, 20);
		assert_true(entry.base >= end);
		end = entry.base + entry.bytes;
		used += entry.size + 4;
	}
	assert_int_equal(entries, 4);
	assert_int_equal(end, TEST_RAM_BYTES);
}

static void initrd_is_a_module(void **state)
{
	const struct multiboot_info *info;
	const struct multiboot_module *module;

	(void)state;
	image.initrd = initrd;
	image.initrd_bytes = sizeof(initrd);
	assert_int_equal(load(sizeof(file)), 0);
	info = vm_memory(&test_vm, test_vcpu[0].gpr[RBX], sizeof(*info));
	assert_int_equal(info->mods_count, 1);
	module = vm_memory(&test_vm, info->mods_addr, sizeof(*module));
	assert_int_equal(module->start, 0x203000);
	assert_int_equal(module->end - module->start, sizeof(initrd));
	assert_memory_equal(vm_memory(&test_vm, module->start, 3000), initrd,
			    3000);
	image.initrd_bytes = TEST_RAM_BYTES;
	refused(load(sizeof(file)), -ENOMEM, "does not fit");
}

static void wrong_headers(void **state)
{
	(void)state;
	file.multiboot.checksum++;
	refused(load(sizeof(file)), -ENOEXEC, "neither");
	file_init();
	file.multiboot.flags = 7;	/* wants a video mode */
	file.multiboot.checksum = -(MULTIBOOT_HEADER_MAGIC + 7);
	refused(load(sizeof(file)), -ENOEXEC, "features 0x4");
	file_init();
	file.elf.ident[ELF_CLASS] = 2;
	refused(load(sizeof(file)), -ENOEXEC, "objcopy");
	file_init();
	file.elf.phnum = 0xffff;
	refused(load(sizeof(file)), -ENOEXEC, "program headers");
	file_init();
	file.elf.phoff = 0xfffffff0;
	refused(load(sizeof(file)), -EINVAL, "truncated");
}

/* Code for real mode, below 1 MiB: all of it that is not in use. */
static void low_segments_are_loaded(void **state)
{
	(void)state;
	file.segment[0].paddr = 0x8000;
	assert_int_equal(load(sizeof(file)), 0);
	assert_memory_equal(vm_memory(&test_vm, 0x8000, 1000), file.code,
			    1000);
	file.segment[0].paddr = 0x30000;
	assert_int_equal(load(sizeof(file)), 0);
	assert_memory_equal(vm_memory(&test_vm, 0x30000, 1000), file.code,
			    1000);
}

static void wrong_segments(void **state)
{
	(void)state;
	file.segment[0].paddr = 0x7000;
	refused(load(sizeof(file)), -ENOMEM, "outside");
	/* the command line, and the end of low RAM */
	file.segment[0].paddr = 0x1ff00;
	refused(load(sizeof(file)), -ENOMEM, "outside");
	file.segment[0].paddr = 0x9fb00;
	refused(load(sizeof(file)), -ENOMEM, "outside");
	file.segment[0].paddr = 0xfffff000;
	refused(load(sizeof(file)), -ENOMEM, "outside");
	file.segment[0].paddr = 0x200000;
	file.segment[0].memsz = 0xffffffff;
	refused(load(sizeof(file)), -ENOMEM, "outside");
	file.segment[0].memsz = 999;
	refused(load(sizeof(file)), -EINVAL, "truncated");
	file.segment[0].memsz = 0x3000;
	file.segment[0].offset = 0xffffffff;
	refused(load(sizeof(file)), -EINVAL, "truncated");
}

static void truncated_anywhere(void **state)
{
	u64 bytes, header = offsetof(struct test_image, code);

	(void)state;
	for (bytes = 0; bytes < sizeof(file); bytes++)
		refused(load(bytes), bytes < header ? -ENOEXEC : -EINVAL,
			bytes < header ? "neither" : "truncated");
}

static void random_images(void **state)
{
	unsigned int round, i, loaded = 0;

	(void)state;
	srand(1);
	for (round = 0; round < 20000; round++) {
		u8 *bytes = (u8 *)&file;

		file_init();
		test_log[0] = '\0';
		for (i = 0; i < 3; i++)
			bytes[(unsigned int)rand() %
			      offsetof(struct test_image, multiboot)] =
				(u8)rand();
		loaded += load(sizeof(file)) == 0;
	}
	assert_in_range(loaded, 1, 19999);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(loads_and_starts),
		TEST(memory_map),
		TEST(initrd_is_a_module),
		TEST(wrong_headers),
		TEST(low_segments_are_loaded),
		TEST(wrong_segments),
		TEST(truncated_anywhere),
		TEST(random_images),
	};

	return cmocka_run_group_tests_name("multiboot", tests, NULL, NULL);
}
