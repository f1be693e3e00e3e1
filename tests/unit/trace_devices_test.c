/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The devices of each VM in a trace's first chunk: in files that have them,
 * in older ones that end before them, and in none of another length.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/trace_maker.h"
#include "tests/unit/trace_path.h"
#include "tracer/source/source.h"

/* A trace of this machine, told of in so many bytes, and of nothing else. */
static void machine_write(const void *machine, uint32_t bytes)
{
	struct trace_chunk chunk = {
		.kind = TRACE_CHUNK_MACHINE,
		.stored_bytes = bytes, .raw_bytes = bytes,
	};

	assert_int_equal(maker_small(path, 1), 0);
	assert_int_equal(truncate(path, sizeof(struct trace_file_header)), 0);
	assert_int_equal(maker_chunk(path, chunk, machine), 0);
}

static const char *first_device(const struct source *s)
{
	const struct origin_vm *vm = origin_vm(source_origin(s), 0);

	return vm->ranges ? vm->range[0].name : "";
}

static void older_machines_end_before_them(void **state)
{
	static const struct { uint32_t bytes; const char *name; } rows[] = {
		{ sizeof(struct trace_machine), "pit" },
		{ offsetof(struct trace_machine, range), "" },
		{ offsetof(struct trace_machine, range) - 1, NULL },
		{ sizeof(struct trace_machine) + 1, NULL },
	};
	struct {
		struct trace_machine m;
		char more;
	} raw = { .m = maker_machine() };
	const char *why;

	(void)state;
	raw.m.range[0][0] = (struct anchor_range){
		"pit", 0x40, 4, ANCHOR_PORTS, 0 };
	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct source *s;

		machine_write(&raw, rows[i].bytes);
		s = source_open_file(path, &why);
		assert_int_equal(!s, !rows[i].name);
		if (s)
			assert_string_equal(first_device(s), rows[i].name);
		else
			assert_non_null(strstr(why, "which machine"));
		source_close(s);
	}
}

static void a_name_must_end(void **state)
{
	struct trace_machine m = maker_machine();
	const char *why;

	(void)state;
	memset(m.range[0][31].name, 'x', sizeof(m.range[0][31].name));
	machine_write(&m, sizeof(m));
	assert_null(source_open_file(path, &why));
	assert_non_null(strstr(why, "a device's name"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(older_machines_end_before_them),
		cmocka_unit_test(a_name_must_end),
	};

	return cmocka_run_group_tests_name("trace_devices", tests, dir_make,
					   dir_remove);
}
