/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The formats that a verdict can be printed in.
 */
#include "exit-analyzer/format/formats.h"

const struct verdict_format verdict_formats[] = {
	{ "text", verdict_print_text, "for people" },
	{ "json", verdict_print_json, "for programs" },
	{ "junit", verdict_print_junit, "JUnit XML, a test case a row" },
	{ "markdown", verdict_print_markdown, "a table for a pull request" },
	{ "github", verdict_print_github, "annotations of GitHub Actions" },
	{ "gitlab", verdict_print_gitlab, "GitLab's code quality report" },
	{ 0 }
};

void verdict_summarize(const struct verdict *v, char text[VERDICT_TEXT_BYTES])
{
	size_t count[VERDICT_GONE + 1] = { 0 };

	for (size_t i = 0; i < v->rows; i++)
		count[v->row[i].kind]++;
	snprintf(text, VERDICT_TEXT_BYTES,
		 "%zu rows: %zu worse, %zu gone, %zu better, %zu within limits, "
		 "%zu new, %zu same", v->rows, count[VERDICT_WORSE],
		 count[VERDICT_GONE], count[VERDICT_BETTER],
		 count[VERDICT_WITHIN], count[VERDICT_NEW],
		 count[VERDICT_SAME]);
}
