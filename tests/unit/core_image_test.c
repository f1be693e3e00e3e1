/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the core's image is looked for, and the anchor in it.
 */
#include "machine/core_image.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct message msg;

/* This program has the symbol, as the core has. */
extern const char anchor[];
const char anchor[16] = "here";

static void test_find(void **state)
{
	char path[4096];

	(void)state;
	assert_int_equal(core_image_find(path, sizeof(path), "none", &msg),
			 -ENOENT);
	assert_non_null(strstr(msg.text, "none"));
	setenv("VMPROF_CORE", "/proc/self/exe", 1);
	assert_int_equal(core_image_find(path, sizeof(path), NULL, &msg), 0);
	assert_int_equal(path[0], '/');
	unsetenv("VMPROF_CORE");
	assert_int_equal(core_image_find(path, sizeof(path), NULL, &msg),
			 -ENOENT);
	assert_non_null(strstr(msg.text, "VMPROF_CORE"));
}

static void test_anchor(void **state)
{
	uint64_t hpa;

	(void)state;
	assert_int_equal(core_image_anchor(AT_FDCWD, "/proc/self/exe", &hpa), 0);
	assert_int_equal(hpa & 0xfff, (uintptr_t)anchor & 0xfff);
	assert_int_equal(core_image_anchor(AT_FDCWD, "/dev/null", &hpa),
			 -ENOENT);
	assert_int_equal(core_image_anchor(AT_FDCWD, "none", &hpa), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_anchor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
