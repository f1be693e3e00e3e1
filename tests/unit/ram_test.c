/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A machine's RAM file: offsets are physical addresses, beyond the PCI hole
 * too, and nothing outside is reachable.
 */
#include "machine/ram.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define MIB (1ull << 20)
#define GIB (1ull << 30)

static int dir_fd;
static struct message msg;

static void put(uint64_t at, uint64_t value)
{
	int fd = openat(dir_fd, "ram", O_WRONLY);

	assert_int_equal(pwrite(fd, &value, sizeof(value), (off_t)at),
			 sizeof(value));
	close(fd);
}

static uint64_t get(const struct ram *ram, uint64_t hpa)
{
	const uint64_t *p = ram_physical(ram, hpa, sizeof(*p));

	assert_non_null(p);
	return *p;
}

static void test_small(void **state)
{
	struct ram ram;
	struct stat st;

	(void)state;
	assert_int_equal(ram_create(dir_fd, ".", 8 * MIB, &msg), 0);
	assert_int_equal(fstatat(dir_fd, "ram", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_size, 8 * MIB);
	assert_int_equal(ram_create(dir_fd, ".", 8 * MIB, &msg), -EEXIST);
	assert_int_equal(ram_map(&ram, dir_fd, ".", &msg), 0);
	put(4096, 0x1234);
	assert_int_equal(get(&ram, 4096), 0x1234);
	assert_int_equal(ram.span, 8 * MIB);
	assert_non_null(ram_physical(&ram, 0, 8 * MIB));
	assert_non_null(ram_physical(&ram, 8 * MIB, 0));
	assert_null(ram_physical(&ram, 0, 8 * MIB + 1));
	assert_null(ram_physical(&ram, 8 * MIB - 7, 8));
	assert_null(ram_physical(&ram, UINT64_MAX, 8));
	assert_null(ram_physical(&ram, 16, SIZE_MAX));
	assert_null(ram_physical(&ram, 4 * GIB, 1));
	ram_unmap(&ram);
	assert_null(ram_physical(&ram, 0, 1));
	assert_int_equal(unlinkat(dir_fd, "ram", 0), 0);
}

/* QEMU's q35 puts what does not fit below the PCI hole at 4 GiB. */
static void test_split(void **state)
{
	int fd = openat(dir_fd, "ram", O_RDWR | O_CREAT, 0600);
	struct ram ram;

	(void)state;
	assert_int_equal(ftruncate(fd, 3 * GIB), 0);
	close(fd);
	assert_int_equal(ram_map(&ram, dir_fd, ".", &msg), 0);
	assert_int_equal(ram.span, 5 * GIB);
	put(2 * GIB - 8, 1);
	put(2 * GIB, 2);
	put(3 * GIB - 8, 3);
	assert_int_equal(get(&ram, 2 * GIB - 8), 1);
	assert_int_equal(get(&ram, 4 * GIB), 2);
	assert_int_equal(get(&ram, 5 * GIB - 8), 3);
	assert_null(ram_physical(&ram, 2 * GIB - 4, 8));
	assert_null(ram_physical(&ram, 2 * GIB, 1));
	assert_null(ram_physical(&ram, 4 * GIB - 1, 1));
	assert_null(ram_physical(&ram, 5 * GIB - 4, 8));
	/* the hole is there for whoever looks at all of the mapping */
	assert_int_equal(ram.base[3 * GIB], 0);
	ram_unmap(&ram);
	assert_int_equal(unlinkat(dir_fd, "ram", 0), 0);
}

/* A machine with the hole has, above it, all that is needed. */
static void test_one_piece(void **state)
{
	int fd = openat(dir_fd, "ram", O_RDWR | O_CREAT, 0600);
	struct ram ram;

	(void)state;
	assert_int_equal(ram_machine_bytes(64 * MIB), 64 * MIB);
	/* ram_create() would want to see room for it here */
	assert_int_equal(ftruncate(fd, (off_t)ram_machine_bytes(3 * GIB)), 0);
	close(fd);
	assert_int_equal(ram_map(&ram, dir_fd, ".", &msg), 0);
	assert_non_null(ram_physical(&ram, 4 * GIB, 3 * GIB));
	assert_null(ram_physical(&ram, 4 * GIB, 3 * GIB + 1));
	ram_unmap(&ram);
	assert_int_equal(unlinkat(dir_fd, "ram", 0), 0);
}

static void test_no_room(void **state)
{
	(void)state;
	assert_int_equal(ram_create(dir_fd, "dir", 1ull << 60, &msg), -ENOSPC);
	assert_non_null(strstr(msg.text, "dir"));
	assert_non_null(strstr(msg.text, "VMPROF_RUNDIR"));
	assert_int_equal(unlinkat(dir_fd, "ram", 0), 0);
}

static void test_no_file(void **state)
{
	struct ram ram;

	(void)state;
	assert_int_equal(ram_map(&ram, dir_fd, "dir", &msg), -ENOENT);
	assert_non_null(strstr(msg.text, "dir/ram"));
}

static int dir_enter(void **state)
{
	static char dir[] = "/tmp/ram_test.XXXXXX";

	*state = mkdtemp(dir);
	dir_fd = *state ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	return dir_fd < 0;
}

static int dir_leave(void **state)
{
	close(dir_fd);
	return rmdir(*state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_one_piece),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_no_file),
	};

	return cmocka_run_group_tests(tests, dir_enter, dir_leave);
}
