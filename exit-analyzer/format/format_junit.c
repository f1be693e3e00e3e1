/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A verdict as JUnit XML: every row a test case, as most CI systems show it.
 */
#include "exit-analyzer/format/formats.h"

#include <stdlib.h>
#include <string.h>

#include "exit-analyzer/judge/share.h"

/* Also what XML 1.0 cannot say at all: control characters. */
static void bytes_print(FILE *to, const char *text, size_t bytes)
{
	for (const char *end = text + bytes; text < end; text++) {
		switch (*text) {
		case '&': fputs("&amp;", to); break;
		case '<': fputs("&lt;", to); break;
		case '>': fputs("&gt;", to); break;
		case '"': fputs("&quot;", to); break;
		default: fputc((unsigned char)*text < ' ' ? ' ' : *text, to);
		}
	}
}

static void xml_print(FILE *to, const char *text)
{
	bytes_print(to, text, strlen(text));
}

/* Prints each line behind a newline; text may be NULL. */
static void lines_print(FILE *to, const char *text)
{
	while (text && *text) {
		size_t bytes = strcspn(text, "\n");

		fputc('\n', to);
		bytes_print(to, text, bytes);
		text += bytes + (text[bytes] == '\n');
	}
}

static void failure_print(FILE *to, const struct verdict *v,
			 const struct verdict_row *r)
{
	char *text = shares_text(v->old, v->new, r->name);

	lines_print(to, text);
	free(text);
}

static bool row_skipped(const struct verdict_row *r)
{
	return r->kind == VERDICT_NOT_RUN || (!r->old && !r->new);
}

static void case_print(FILE *to, const struct verdict *v,
		       const struct verdict_row *r)
{
	char text[VERDICT_TEXT_BYTES];

	fputs("    <testcase classname=\"exit-analyzer\" name=\"", to);
	xml_print(to, r->name);
	if (row_skipped(r)) {
		fputs("\">\n      <skipped/>\n    </testcase>\n", to);
		return;
	}
	if (!verdict_row_failed(r)) {
		fputs("\"/>\n", to);
		return;
	}
	verdict_row_describe(v, r, text, sizeof(text));
	fprintf(to, "\">\n      <failure type=\"%s\" message=\"",
		verdict_kind_name(r->kind));
	xml_print(to, text);
	fputs("\">", to);
	failure_print(to, v, r);
	fputs("</failure>\n    </testcase>\n", to);
}

void verdict_print_junit(FILE *to, const struct verdict *v,
			 const char *baseline)
{
	size_t skipped = 0;

	for (size_t i = 0; i < v->rows; i++)
		skipped += row_skipped(&v->row[i]);
	fprintf(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<testsuites>\n  <testsuite name=\"exit-analyzer check %s",
		v->machines.decides ? "(forced) " : "");
	xml_print(to, baseline);
	fprintf(to, "\" tests=\"%zu\" failures=\"%zu\" skipped=\"%zu\">\n",
		v->rows, v->failed, skipped);
	for (size_t i = 0; i < v->rows; i++)
		case_print(to, v, &v->row[i]);
	if (v->machines.noted) {
		fputs("    <system-out>what differs beside the core:", to);
		lines_print(to, v->machines.noted);
		fputs("</system-out>\n", to);
	}
	if (v->doubts) {
		fputs("    <system-err>this may err:", to);
		lines_print(to, v->doubts);
		fputs("</system-err>\n", to);
	}
	fputs("  </testsuite>\n</testsuites>\n", to);
}
