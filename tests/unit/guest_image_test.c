/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernels and initrds, good and bad: the messages before a machine starts.
 */
#include "machine/guest_image.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define MIB (1ull << 20)

static struct message msg;
static struct guest_files files;

static void put(const char *path, const void *bytes, size_t count)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, count, f), count);
	assert_int_equal(fclose(f), 0);
}

/* 1 setup sector, 64 KiB after them, wants 16 MiB + 24 MiB. */
#define BZIMAGE_BYTES (2 * 512 + 65536)

static void bzimage_make(uint8_t image[BZIMAGE_BYTES])
{
	const uint16_t flag = 0xaa55, version = 0x20f, xload = 1;
	const uint32_t syssize = 65536 / 16, init_size = 24 * MIB;
	const uint64_t pref = 16 * MIB;

	memset(image, 0, BZIMAGE_BYTES);
	image[0x1f1] = 1;
	memcpy(image + 0x1f4, &syssize, 4);
	memcpy(image + 0x1fe, &flag, 2);
	memcpy(image + 0x202, "HdrS", 4);
	memcpy(image + 0x206, &version, 2);
	memcpy(image + 0x236, &xload, 2);
	memcpy(image + 0x258, &pref, 8);
	memcpy(image + 0x260, &init_size, 4);
}

static int check_kernel(const char *kernel)
{
	msg.text[0] = '\0';
	return guest_files_check(&files, kernel, NULL, 256 * MIB, &msg);
}

static void said(const char *text)
{
	if (!strstr(msg.text, text))
		fail_msg("\"%s\" is not in \"%s\"", text, msg.text);
}

static void test_bzimage(void **state)
{
	uint8_t image[BZIMAGE_BYTES];

	(void)state;
	bzimage_make(image);
	put("k", image, sizeof(image));
	assert_int_equal(check_kernel("k"), 0);
	assert_int_equal(files.kernel_bytes, BZIMAGE_BYTES);
	assert_int_equal(files.kernel_needs, 40 * MIB);
	assert_int_equal(files.initrd_bytes, 0);

	/* sizes in paragraphs are rounded up */
	put("k", image, sizeof(image) - 15);
	assert_int_equal(check_kernel("k"), 0);
	put("k", image, sizeof(image) - 16);
	assert_int_equal(check_kernel("k"), -EINVAL);
	said("truncated");
	put("k", image, 0x264);
	assert_int_equal(check_kernel("k"), -ENOEXEC);
	/* a 32-bit kernel has no other entry than the one that is used */
	image[0x236] = 0;
	put("k", image, sizeof(image));
	assert_int_equal(check_kernel("k"), 0);
	/* it does not say where it wants to be, or how large it gets */
	image[0x206] = 0x09;
	image[0x207] = 0x02;
	put("k", image, sizeof(image));
	assert_int_equal(check_kernel("k"), 0);
	assert_int_equal(files.kernel_needs, MIB + BZIMAGE_BYTES);
	image[0x206] = 0x05;
	put("k", image, sizeof(image));
	assert_int_equal(check_kernel("k"), -ENOEXEC);
	said("2.05");
}

static void test_size(void **state)
{
	uint8_t image[BZIMAGE_BYTES];

	(void)state;
	bzimage_make(image);
	put("k", image, sizeof(image));
	put("i", "x", 1);
	assert_int_equal(truncate("i", 24 * MIB), 0);
	assert_int_equal(guest_files_check(&files, "k", "i", 64 * MIB, &msg),
			 0);
	assert_int_equal(files.initrd_bytes, 24 * MIB);
	assert_int_equal(truncate("i", 24 * MIB + 1), 0);
	assert_int_equal(guest_files_check(&files, "k", "i", 64 * MIB, &msg),
			 -ENOMEM);
	said("k with i in 64 MiB of RAM: 65 MiB are needed");
	assert_int_equal(guest_files_check(&files, "k", NULL, 39 * MIB, &msg),
			 -ENOMEM);
	said("k in 39 MiB of RAM: 40 MiB are needed");
}

static void test_not_a_kernel(void **state)
{
	(void)state;
	put("text", "no kernel at all", 16);
	assert_int_equal(check_kernel("text"), -ENOEXEC);
	said("text");
	said("neither a bzImage");
	assert_int_equal(check_kernel("/proc/self/exe"), -ENOEXEC);
	said("vmlinux");
	put("gzip", "\x1f\x8b\x08 and so on", 12);
	assert_int_equal(check_kernel("gzip"), -ENOEXEC);
	said("gunzip it");
	put("empty", "", 0);
	assert_int_equal(check_kernel("empty"), -EINVAL);
	said("is empty");
	assert_int_equal(check_kernel("none"), -ENOENT);
	said("none");
	assert_int_equal(check_kernel("."), -EINVAL);
	said("not a file");
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(check_kernel("fifo"), -EINVAL);
	said("not a file");
}

static void test_initrd(void **state)
{
	uint8_t image[BZIMAGE_BYTES];

	(void)state;
	bzimage_make(image);
	put("k", image, sizeof(image));
	assert_int_equal(guest_files_check(&files, "k", "gone", 256 * MIB,
					   &msg), -ENOENT);
	said("initrd gone");
	put("empty", "", 0);
	assert_int_equal(guest_files_check(&files, "k", "empty", 256 * MIB,
					   &msg), -EINVAL);
	said("initrd empty: it is empty");
}

struct elf_image {
	Elf32_Ehdr eh;
	Elf32_Phdr ph;
	uint32_t multiboot[3];
	uint8_t text[64];
};

static void multiboot_make(struct elf_image *e)
{
	*e = (struct elf_image){
		.eh = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS32,
				     ELFDATA2LSB, EV_CURRENT },
			.e_type = ET_EXEC, .e_machine = EM_386,
			.e_version = EV_CURRENT,
			.e_phoff = offsetof(struct elf_image, ph),
			.e_ehsize = sizeof(Elf32_Ehdr),
			.e_phentsize = sizeof(Elf32_Phdr), .e_phnum = 1 },
		.ph = { .p_type = PT_LOAD, .p_paddr = MIB,
			.p_filesz = sizeof(*e), .p_memsz = 2 * MIB },
		.multiboot = { 0x1badb002, 3, -(0x1badb002 + 3) },
	};
}

static void test_multiboot(void **state)
{
	struct elf_image e;

	(void)state;
	multiboot_make(&e);
	put("m", &e, sizeof(e));
	assert_int_equal(check_kernel("m"), 0);
	assert_int_equal(files.kernel_needs, 3 * MIB);
	put("m", &e, sizeof(e) - 1);
	assert_int_equal(check_kernel("m"), -EINVAL);
	said("truncated");
	e.multiboot[2]++;
	put("m", &e, sizeof(e));
	assert_int_equal(check_kernel("m"), -ENOEXEC);
}

static int dir_enter(void **state)
{
	static char dir[] = "/tmp/guest_image_test.XXXXXX";

	*state = mkdtemp(dir);
	return *state ? chdir(dir) : -1;
}

static int dir_leave(void **state)
{
	static const char *const names[] = { "gzip", "k", "i", "m", "text", "empty",
					     "fifo" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(names[i]);
	return rmdir(*state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bzimage),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_not_a_kernel),
		cmocka_unit_test(test_initrd),
		cmocka_unit_test(test_multiboot),
	};

	return cmocka_run_group_tests(tests, dir_enter, dir_leave);
}
