/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The formats of a verdict: names that no guest should choose, but may, stay
 * inside what each format can say.
 */
#include "exit-analyzer/format/formats.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define NAME "a<b>&\"c\"|d\\,e:f%g\ti"

static void result_make(struct result *r, uint64_t cost)
{
	*r = (struct result){ 0 };
	result_fact_set(&r->machine, "deterministic", "yes");
	result_row_add(r, NAME)->cost = cost;
	result_row_add(r, "same")->cost = 7;
	result_row_add(r, "skipped")->skipped = strdup("no reason");
	result_sort(r);
}

/* The verdict of a row that grew from 100 to 110; caller frees. */
static char *printed(const char *format, bool forced)
{
	const struct verdict_format *f = verdict_formats;
	const struct verdict_limits limits = { -1, -1, 0, forced };
	struct result old, new;
	struct verdict v;
	char *text = NULL, why[256];
	size_t bytes;
	FILE *to = open_memstream(&text, &bytes);

	result_make(&old, 100);
	result_make(&new, 110);
	if (forced)
		result_fact_set(&new.machine, "emulator", "another");
	while (strcmp(f->name, format))
		f++;
	assert_int_equal(verdict_make(&v, &old, &new, &limits, why,
				      sizeof(why)), 0);
	f->print(to, &v, "base,line.json");
	fclose(to);
	verdict_release(&v);
	result_release(&old);
	result_release(&new);
	return text;
}

static void says(const char *format, bool forced, const char *what)
{
	char *text = printed(format, forced);

	if (!strstr(text, what))
		fail_msg("'%s' is not in: %s", what, text);
	free(text);
}

static void text_names_the_row(void **state)
{
	(void)state;
	says("text", false, "100 -> 110 instructions, +10 (+10.00%)");
	says("text", false, "REGRESSION, 3 rows (exact): 1 worse");
	says("text", true, "FORCED: base,line.json is of another machine");
}

static void junit_escapes(void **state)
{
	(void)state;
	says("junit", false,
	     "name=\"a&lt;b&gt;&amp;&quot;c&quot;|d\\,e:f%g i\"");
	says("junit", false, "tests=\"3\" failures=\"1\" skipped=\"1\"");
	says("junit", false, "message=\"100 -&gt; 110 instructions");
	says("junit", true, "check (forced) base,line.json");
}

static void markdown_escapes(void **state)
{
	(void)state;
	says("markdown", false, "| **a<b>&\"c\"\\|d\\\\,e:f%g i** | 100 | 110 "
	     "| +10 | +10.00% | worse |");
	says("markdown", true, "**Forced**");
}

static void github_escapes(void **state)
{
	(void)state;
	says("github", false, "::error file=base%2Cline.json,title="
	     "a<b>&\"c\"|d\\%2Ce%3Af%25g\ti is worse::100 -> 110");
	says("github", false, "(+10.00%25)");
}

static void json_parses(void **state)
{
	static const char *const formats[] = { "json", "gitlab" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char *text = printed(formats[i], false);
		json_t *root = json_loads(text, 0, NULL);

		assert_non_null(root);
		if (i)
			assert_int_equal(json_array_size(root), 1);
		else
			assert_int_equal(json_integer_value(json_object_get(
				root, "failed_rows")), 1);
		json_decref(root);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_names_the_row),
		cmocka_unit_test(junit_escapes),
		cmocka_unit_test(markdown_escapes),
		cmocka_unit_test(github_escapes),
		cmocka_unit_test(json_parses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
