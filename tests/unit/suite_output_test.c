/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-bench's console, as it is, and as a guest that dies or lies would
 * leave it; and the way of a result to disk and back.
 */
#include "exit-analyzer/measure/suite_output.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define HEAD "{\"suite\":\"exit-bench\",\"version\":1,\"vendor\":\"V\"," \
	     "\"cpu\":\"C\",\"signature\":255,\"hypervisor\":\"\"}\n"
#define ROW(name, net) "{\"row\":\"" name "\",\"n\":10,\"min\":1,\"p50\":2," \
	"\"p95\":3,\"max\":4,\"net\":" net "}\n"
#define END(rows) "{\"end\":\"exit-bench\",\"rows\":" rows "}\n"

static char why[256];

static int parse(struct result *r, const char *text)
{
	return suite_output_parse(r, text, why, sizeof(why));
}

static void whole_suite(void **state)
{
	struct result r = { 0 };
	const struct result_row *row;

	(void)state;
	assert_int_equal(parse(&r, "loader says hello\n" HEAD ROW("b", "7")
			       "{\"row\":\"a\",\"skipped\":\"why not\"}\n"
			       END("2")), 0);
	assert_int_equal(suite_rounds_close(&r, 1), 0);
	assert_int_equal(r.rows, 2);
	row = result_row_find(&r, "b");
	assert_non_null(row);
	assert_true(row->n == 10 && row->min == 1 && row->p50 == 2 &&
		    row->p95 == 3 && row->max == 4 && row->cost == 7);
	assert_int_equal(row->rounds, 0);
	assert_string_equal(result_row_find(&r, "a")->skipped, "why not");
	assert_string_equal(result_fact(&r.machine, "cpu"),
			    "V, C, signature 0xff");
	assert_string_equal(result_fact(&r.machine, "hypervisor"), "none");
	result_release(&r);
}

static void rounds_become_medians(void **state)
{
	struct result r = { 0 };
	const struct result_row *row;

	(void)state;
	assert_int_equal(parse(&r, HEAD ROW("a", "7") END("1")), 0);
	assert_int_equal(parse(&r, HEAD ROW("a", "9") END("1")), 0);
	assert_int_equal(parse(&r, HEAD ROW("a", "100") END("1")), 0);
	assert_int_equal(suite_rounds_close(&r, 3), 0);
	row = result_row_find(&r, "a");
	assert_int_equal(row->cost, 9);
	assert_int_equal(row->rounds, 3);
	assert_int_equal(row->n, 30);
	result_release(&r);
}

static void death_keeps_what_was_said(void **state)
{
	struct result r = { 0 };

	(void)state;
	assert_int_equal(parse(&r, HEAD ROW("a", "7") "{\"row\":\"b\",\"n\""),
			 -ENODATA);
	assert_int_equal(r.rows, 1);
	assert_non_null(strstr(why, "1 rows"));
	result_release(&r);
	assert_int_equal(parse(&r, ""), -ENODATA);
	assert_int_equal(r.rows, 0);
	result_release(&r);
}

static void lies_are_found(void **state)
{
	static const char *const lies[] = {
		HEAD ROW("a", "7") END("2"),
		HEAD ROW("a", "-7") END("1"),
		HEAD ROW("a", "7.5") END("1"),
		HEAD ROW("a", "\"7\"") END("1"),
		HEAD ROW("", "7") END("1"),
		"{\"suite\":\"exit-bench\"}\n",
		"{\"row\":\"a\"}\n",
		"{\"what\":1}\n",
		"{\"row\":\"a\n",
		"{\"row\":7}\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct result r = { 0 };

		assert_int_equal(parse(&r, lies[i]), -EBADMSG);
		assert_non_null(strstr(why, "line "));
		result_release(&r);
	}
}

static char *printed(struct result *r)
{
	char *text = NULL;
	size_t bytes;
	FILE *to = open_memstream(&text, &bytes);

	assert_int_equal(result_print(to, r), 0);
	fclose(to);
	return text;
}

/* A written result reads back, and is written the same again. */
static void result_comes_back(void **state)
{
	struct result r = { 0 }, again;
	char *text, *second;

	(void)state;
	result_fact_set(&r.machine, "deterministic", "no");
	result_fact_set(&r.machine, "a", "quote \" and \\");
	result_fact_set(&r.recorded, "b", "value");
	assert_int_equal(parse(&r, HEAD ROW("z", "7") ROW("a", "9") END("2")),
			 0);
	assert_int_equal(parse(&r, HEAD ROW("z", "8") ROW("a", "9") END("2")),
			 0);
	suite_rounds_close(&r, 2);
	r.failure = strdup("it died");
	text = printed(&r);
	if (result_parse(&again, text, "text", why, sizeof(why)))
		fail_msg("%s", why);
	second = printed(&again);
	assert_string_equal(text, second);
	assert_string_equal(again.failure, "it died");
	assert_string_equal(again.row[0].name, "a");
	assert_int_equal(again.row[1].rounds, 2);
	assert_string_equal(result_fact(&again.machine, "a"),
			    "quote \" and \\");
	free(text);
	free(second);
	result_release(&r);
	result_release(&again);
}

#define FILE_HEAD "{\"format\": \"exit-analyzer-result-1\",\n" \
	"\"machine\": {}, \"recorded\": {},\n\"rows\": [\n"
#define FILE_ROW "{\"row\": \"a\", \"n\": 1, \"min_ticks\": 1, " \
	"\"p50_ticks\": 1, \"p95_ticks\": 1, \"max_ticks\": 1, " \
	"\"cost_ticks\": 1}"

static void bad_files_are_named_by_line(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "", "f:1: not JSON" },
		{ "{}", "f:1: not a result" },
		{ "[]", "f:1: not a result" },
		{ FILE_HEAD FILE_ROW ",\n{\"row\"", "f:5: not JSON" },
		{ FILE_HEAD FILE_ROW ",\n{\"row\": \"b\"}\n]}", "f:5: row 'b'" },
		{ FILE_HEAD FILE_ROW ",\n" FILE_ROW "\n]}", "f:5: row 'a': it" },
		{ FILE_HEAD "{\"row\": 3}\n]}", "f:4: row without a name" },
		{ "{\"format\": \"exit-analyzer-result-1\",\n\"rows\": []}",
		  "\"machine\" must be an object" },
		{ "{\"format\": \"exit-analyzer-result-1\",\n\"machine\": {\n"
		  "\"x\": 1},\n\"recorded\": {}, \"rows\": []}",
		  "f:3: fact \"x\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct result r;

		assert_true(result_parse(&r, bad[i].text, "f", why,
					 sizeof(why)) < 0);
		if (!strstr(why, bad[i].says))
			fail_msg("'%s' is not in '%s'", bad[i].says, why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_suite),
		cmocka_unit_test(rounds_become_medians),
		cmocka_unit_test(death_keeps_what_was_said),
		cmocka_unit_test(lies_are_found),
		cmocka_unit_test(result_comes_back),
		cmocka_unit_test(bad_files_are_named_by_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
