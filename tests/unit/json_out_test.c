/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The stream of JSON against a library that has it all in memory: the same
 * bytes, whatever is nested in what; and numbers that no reader changes.
 */
#include "reports/json_out.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/random.h"

#define NAME	"member"
#define DEEPEST	6

/* One of the values there are, into both; NULL: an element of an array. */
static json_t *value_make(struct json_out *j, const char *name,
			  unsigned int depth);

static json_t *array_make(struct json_out *j, const char *name,
			  unsigned int depth)
{
	json_t *array = json_array();

	json_out_array(j, name);
	for (uint64_t i = random_next() % 4; i; i--)
		json_array_append_new(array, value_make(j, NULL, depth + 1));
	json_out_array_end(j);
	return array;
}

static json_t *object_make(struct json_out *j, const char *name,
			   unsigned int depth)
{
	json_t *object = json_object();
	char member[32];

	json_out_object(j, name);
	for (uint64_t i = random_next() % 4; i; i--) {
		snprintf(member, sizeof(member), "%s_%u", NAME, (unsigned int)i);
		json_object_set_new(object, member,
				    value_make(j, member, depth + 1));
	}
	json_out_object_end(j);
	return object;
}

static json_t *value_make(struct json_out *j, const char *name,
			  unsigned int depth)
{
	static const char text[] = "a \"b\" \\c\\, d~";
	uint64_t kind = random_next() % (depth < DEEPEST ? 6 : 4);
	uint64_t n = random_next() >> (11 + random_next() % 50);

	switch (kind) {
	case 0:
		json_out_number(j, name, n);
		return json_integer(n);
	case 1:
		json_out_bool(j, name, n & 1);
		return json_boolean(n & 1);
	case 2:
		json_out_null(j, name);
		return json_null();
	case 3:
		json_out_text(j, name, text);
		return json_string(text);
	case 4:
		return array_make(j, name, depth);
	default:
		return object_make(j, name, depth);
	}
}

static void any_nesting_is_that_of_a_library(void **state)
{
	(void)state;
	for (int round = 0; round < 500; round++) {
		char *got, *want;
		size_t bytes;
		FILE *to = open_memstream(&got, &bytes);
		static struct json_out j;
		json_t *root;

		json_out_init(&j, to);
		root = round % 2 ? array_make(&j, NULL, 0) :
				   object_make(&j, NULL, 0);
		json_out_flush(&j);
		fclose(to);
		want = json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
		assert_int_equal(got[strlen(want)], '\n');
		got[strlen(want)] = '\0';
		assert_int_equal(bytes, strlen(want) + 1);
		assert_string_equal(got, want);
		json_decref(root);
		free(want);
		free(got);
	}
}

/* A reader with doubles gives back what was written, or a text. */
static void no_number_is_changed_by_a_reader(void **state)
{
	static const uint64_t numbers[] = {
		0, 1, (1ull << 53) - 1, 1ull << 53, (1ull << 53) + 1,
		INT64_MAX, 1ull << 63, UINT64_MAX,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		char *got;
		size_t bytes;
		FILE *to = open_memstream(&got, &bytes);
		static struct json_out j;
		json_t *root;

		json_out_init(&j, to);
		json_out_array(&j, NULL);
		json_out_number(&j, NULL, numbers[i]);
		json_out_array_end(&j);
		json_out_flush(&j);
		fclose(to);
		root = json_loads(got, 0, NULL);
		assert_non_null(root);
		if (json_is_string(json_array_get(root, 0))) {
			assert_true(numbers[i] > 1ull << 53);
			assert_true(strtoull(json_string_value(
				json_array_get(root, 0)), NULL, 10) ==
				numbers[i]);
		} else {
			double read = json_number_value(json_array_get(root, 0));

			assert_true((uint64_t)read == numbers[i]);
		}
		json_decref(root);
		free(got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_nesting_is_that_of_a_library),
		cmocka_unit_test(no_number_is_changed_by_a_reader),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
