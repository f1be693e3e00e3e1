/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bzImage loader: what a right file leaves in the guest's memory, and
 * that every wrong one is refused with a sentence, never with a crash.
 */
#include "tests/unit/core_vm.h"

#include "vmm-core/guest/bzimage.c"
#include "vmm-core/guest/layout.c"
#include "vmm-core/guest/load.c"

#define SETUP_BYTES	(5 * 512)
#define PAYLOAD_BYTES	(100 * 16)
#define RSDP_GPA	0xe0000

static u8 file[SETUP_BYTES + PAYLOAD_BYTES];
static u8 initrd[5000];
static struct guest_image image;

u64 guest_acpi_build(struct vm *vm)
{
	(void)vm;
	return RSDP_GPA;
}

bool multiboot_recognize(const struct guest_image *i)
{
	(void)i;
	return false;
}

int multiboot_load(struct vm *vm, const struct guest_image *i)
{
	(void)vm;
	(void)i;
	return -ENOEXEC;
}

static struct setup_header *hdr(void)
{
	return (void *)(file + SETUP_HEADER_OFFSET);
}

/* The image in memory of exactly its size, so that a byte more is noticed. */
static int load(u64 kernel_bytes)
{
	u8 *kernel = malloc(kernel_bytes ? kernel_bytes : 1);
	int err;

	assert_non_null(kernel);
	memcpy(kernel, file, kernel_bytes);
	image.kernel = kernel;
	image.kernel_bytes = kernel_bytes;
	err = guest_load(&test_vm, &image);
	free(kernel);
	return err;
}

static void refused(int err, int expected, const char *because)
{
	assert_int_equal(err, expected);
	assert_non_null(strstr(test_log, because));
	/* one sentence on a line of its own */
	assert_ptr_equal(strchr(test_log, '\n'),
			 test_log + strlen(test_log) - 1);
	test_log[0] = '\0';
}

static void file_init(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(file); i++)
		file[i] = (u8)(i * 7);
	memset(initrd, 0xda, sizeof(initrd));
	memset(hdr(), 0, sizeof(*hdr()));
	hdr()->setup_sects = 4;
	hdr()->syssize = PAYLOAD_BYTES / 16;
	hdr()->jump = (sizeof(struct setup_header) - 0x11) << 8 | 0xeb;
	hdr()->header = HDRS_MAGIC;
	hdr()->version = 0x20f;
	hdr()->loadflags = 1;
	hdr()->initrd_addr_max = 0x7fffffff;
	hdr()->cmdline_size = 2047;
	hdr()->relocatable_kernel = 1;
	hdr()->pref_address = 0x1000000;
	hdr()->init_size = 0x1000000;
}

static int setup(void **state)
{
	(void)state;
	test_vm_init(1);
	test_ram_init();
	file_init();
	image = (struct guest_image){
		.initrd = initrd, .initrd_bytes = sizeof(initrd),
		.cmdline = "console=ttyS0 quiet",
	};
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
	const struct boot_params *p;
	u64 initrd_gpa = (TEST_RAM_BYTES - sizeof(initrd)) & ~0xfffull;

	(void)state;
	assert_int_equal(load(sizeof(file)), 0);
	p = vm_memory(&test_vm, GUEST_INFO_GPA, sizeof(*p));
	assert_memory_equal(vm_memory(&test_vm, 0x100000, PAYLOAD_BYTES),
			    file + SETUP_BYTES, PAYLOAD_BYTES);
	assert_int_equal(p->hdr.ramdisk_image, initrd_gpa);
	assert_int_equal(p->hdr.ramdisk_size, sizeof(initrd));
	assert_memory_equal(vm_memory(&test_vm, initrd_gpa, sizeof(initrd)),
			    initrd, sizeof(initrd));
	assert_string_equal(vm_memory(&test_vm, p->hdr.cmd_line_ptr, 100),
			    "console=ttyS0 quiet");
	assert_int_equal(p->hdr.type_of_loader, 0xff);
	assert_int_equal(p->hdr.version, 0x20f);
	assert_int_equal(p->acpi_rsdp_addr, RSDP_GPA);

	assert_int_equal(test_vcpu[0].rip, 0x100000);
	assert_int_equal(test_vcpu[0].gpr[RSI], GUEST_INFO_GPA);
	assert_int_equal(test_vcpu[0].rflags, 2);
	assert_int_equal(test_regs.cr0 & 0x80000001, 1);
	assert_int_equal(test_regs.seg[SEG_CS].selector, 0x10);
	assert_int_equal(test_regs.seg[SEG_DS].selector, 0x18);
	assert_int_equal(test_regs.seg[SEG_SS].limit, 0xffffffff);
	assert_int_equal(test_regs.gdt.limit, 0x1f);
}

static void memory_map(void **state)
{
	const struct boot_params *p;
	u64 ram = 0, end = 0;
	unsigned int i;

	(void)state;
	assert_int_equal(load(sizeof(file)), 0);
	p = vm_memory(&test_vm, GUEST_INFO_GPA, sizeof(*p));
	for (i = 0; i < p->e820_entries; i++) {
		assert_true(p->e820[i].gpa >= end);
		end = p->e820[i].gpa + p->e820[i].bytes;
		if (p->e820[i].type == MEMORY_RAM)
			ram += p->e820[i].bytes;
	}
	assert_int_equal(end, TEST_RAM_BYTES);
	assert_int_equal(ram, TEST_RAM_BYTES - 0x100000 + GUEST_LOW_END);
}

static void high_ram_is_in_the_map(void **state)
{
	struct memory_range ranges[MEMORY_RANGES_MAX];
	unsigned int count;

	(void)state;
	test_pub.extents = 2;
	test_pub.extent[1] = (struct anchor_extent){
		.gpa = 1ull << 32, .bytes = 5ull << 30 };
	count = guest_memory_map(&test_vm, ranges);
	assert_int_equal(ranges[count - 1].gpa, 1ull << 32);
	assert_int_equal(ranges[count - 1].bytes, 5ull << 30);
	assert_int_equal(ranges[count - 2].gpa, 0x100000);
}

static void without_initrd(void **state)
{
	const struct boot_params *p;

	(void)state;
	image.initrd = NULL;
	assert_int_equal(load(sizeof(file)), 0);
	p = vm_memory(&test_vm, GUEST_INFO_GPA, sizeof(*p));
	assert_int_equal(p->hdr.ramdisk_image, 0);
	assert_int_equal(p->hdr.ramdisk_size, 0);
}

static void old_protocol_gets_no_rsdp(void **state)
{
	const struct boot_params *p;

	(void)state;
	hdr()->version = 0x206;
	hdr()->jump = (0x23c - 0x202) << 8 | 0xeb;
	assert_int_equal(load(sizeof(file)), 0);
	p = vm_memory(&test_vm, GUEST_INFO_GPA, sizeof(*p));
	assert_int_equal(p->acpi_rsdp_addr, 0);
	/* behind that header's end nothing was copied */
	assert_int_equal(p->hdr.pref_address, 0);
	hdr()->version = 0x205;
	refused(load(sizeof(file)), -ENOEXEC, "boot protocol 2.05");
}

static void not_a_kernel(void **state)
{
	(void)state;
	hdr()->header = 0;
	refused(load(sizeof(file)), -ENOEXEC, "neither");
	refused(load(0), -ENOEXEC, "neither");
	hdr()->header = HDRS_MAGIC;
	hdr()->loadflags = 0;
	refused(load(sizeof(file)), -ENOEXEC, "zImage");
}

/* Every length below the right one is refused, none reads behind its end. */
static void truncated_anywhere(void **state)
{
	u64 bytes;

	(void)state;
	for (bytes = 0; bytes <= sizeof(file) - 16; bytes++) {
		int err = load(bytes);

		if (bytes < SETUP_HEADER_OFFSET + sizeof(struct setup_header))
			refused(err, -ENOEXEC, "neither");
		else
			refused(err, -EINVAL, "truncated");
	}
	/* the last paragraph may be a partial one */
	assert_int_equal(load(sizeof(file) - 15), 0);
}

static void does_not_fit(void **state)
{
	(void)state;
	hdr()->init_size = 0x4000000;
	refused(load(sizeof(file)), -ENOMEM, "MiB of RAM to start");
	hdr()->pref_address = ~0ull - 5;
	refused(load(sizeof(file)), -ENOMEM, "MiB of RAM to start");
	hdr()->pref_address = 0x1000000;
	hdr()->init_size = 0x1000000;
	hdr()->initrd_addr_max = 0x2000fff;
	refused(load(sizeof(file)), -ENOMEM, "initrd");
	hdr()->initrd_addr_max = 0;
	refused(load(sizeof(file)), -ENOMEM, "initrd");
	hdr()->initrd_addr_max = 0x7fffffff;
	image.initrd_bytes = ~0ull;
	refused(load(sizeof(file)), -ENOMEM, "initrd");
	image.initrd_bytes = sizeof(initrd);
	test_pub.extent[0].bytes = 1 << 20;
	refused(load(sizeof(file)), -ENOMEM, "too few");
}

static void command_line_too_long(void **state)
{
	static char text[70000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	image.cmdline = text + sizeof(text) - 1 - 2048;
	refused(load(sizeof(file)), -EINVAL, "2047 bytes");
	image.cmdline++;
	assert_int_equal(load(sizeof(file)), 0);
	hdr()->cmdline_size = ~0u;
	image.cmdline = text;
	refused(load(sizeof(file)), -EINVAL, "65535 bytes");
}

/* Any header at all: loaded or refused, never a fault. */
static void random_headers(void **state)
{
	unsigned int round, i, loaded = 0;

	(void)state;
	srand(1);
	for (round = 0; round < 20000; round++) {
		u8 *bytes = (u8 *)hdr();

		file_init();
		test_log[0] = '\0';
		for (i = 0; i < 4; i++)
			bytes[(unsigned int)rand() % sizeof(*hdr())] =
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
		TEST(high_ram_is_in_the_map),
		TEST(without_initrd),
		TEST(old_protocol_gets_no_rsdp),
		TEST(not_a_kernel),
		TEST(truncated_anywhere),
		TEST(does_not_fit),
		TEST(command_line_too_long),
		TEST(random_headers),
	};

	return cmocka_run_group_tests_name("bzimage", tests, NULL, NULL);
}
