/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses to serve at: nobody but this host is served unless a host was
 * written out.
 */
#include "vmtop/options/listen.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static void addresses_are_read(void **state)
{
	static const struct {
		const char *text, *host, *port;
	} good[] = {
		{ "9178", "127.0.0.1", "9178" },
		{ "0", "127.0.0.1", "0" },
		{ "65535", "127.0.0.1", "65535" },
		{ "0.0.0.0:80", "0.0.0.0", "80" },
		{ "a.host:80", "a.host", "80" },
		{ "[::1]:080", "::1", "80" },
		{ "[::]:0", "::", "0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct listen_address a;

		assert_int_equal(listen_parse(good[i].text, &a), 0);
		assert_string_equal(a.host, good[i].host);
		assert_string_equal(a.port, good[i].port);
	}
}

static void others_are_refused(void **state)
{
	static const char *const bad[] = {
		"", ":", ":80", "host", "host:", "65536", "-1", "1x", "0x50",
		" 80", "::1:80", "[::1]", "[::1]80", "[::1:80", "[]:80", "]:80",
		"[:80", "h:80:", "99999999999999999999",
	};
	char longest[400];
	struct listen_address a = { .host = "as", .port = "was" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(listen_parse(bad[i], &a), -EINVAL);
	memset(longest, 'h', sizeof(longest));
	strcpy(longest + 256, ":80");
	assert_int_equal(listen_parse(longest, &a), -EINVAL);
	assert_string_equal(a.host, "as");
	assert_string_equal(a.port, "was");
	assert_int_equal(listen_parse(longest + 1, &a), 0);
}

static void listens_and_says_where(void **state)
{
	char error[LISTEN_ERROR_BYTES], name[LISTEN_NAME_BYTES];
	struct listen_address a;
	int fd, second;

	(void)state;
	assert_int_equal(listen_parse("0", &a), 0);
	fd = listen_open(&a, error);
	assert_true(fd >= 0);
	listen_name(fd, name);
	assert_int_equal(strncmp(name, "127.0.0.1:", 10), 0);
	assert_int_equal(listen_parse(name, &a), 0);
	assert_string_not_equal(a.port, "0");
	second = listen_open(&a, error);
	assert_int_equal(second, -EADDRINUSE);
	assert_non_null(strstr(error, name));
	assert_non_null(strstr(error, "give another port"));
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_read),
		cmocka_unit_test(others_are_refused),
		cmocka_unit_test(listens_and_says_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
