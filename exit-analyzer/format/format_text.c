/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints a verdict for people: every change, then the count.
 */
#include "exit-analyzer/format/formats.h"

#include <stdlib.h>

#include "exit-analyzer/judge/share.h"

/* beneath the row's name */
#define SHARE_INDENT 13

/* Failures stand out in a log. */
static const char *outcome(const struct verdict *v)
{
	if (!v->failed)
		return verdict_outcome(v);
	return v->count[VERDICT_NOTHING] ? "ERROR" : "REGRESSION";
}

void verdict_print_text(FILE *to, const struct verdict *v, const char *baseline)
{
	const char *missing = shares_missing(v);
	char *not_run = verdict_rows_of(v, VERDICT_NOT_RUN);
	char text[VERDICT_TEXT_BYTES];

	if (v->machines.decides)
		fprintf(to, "FORCED: %s is of another machine:\n%s", baseline,
			v->machines.decides);
	if (v->machines.noted)
		fprintf(to, "note: what differs beside the core:\n%s",
			v->machines.noted);
	for (size_t i = 0; i < v->rows; i++) {
		const struct verdict_row *r = &v->row[i];

		if (r->kind == VERDICT_SAME || r->kind == VERDICT_NOT_RUN)
			continue;
		verdict_row_describe(v, r, text, sizeof(text));
		fprintf(to, "%-13s  %-22s  %s\n", verdict_kind_name(r->kind),
			r->name, text);
		shares_print(to, SHARE_INDENT, v->old, v->new, r->name);
	}
	if (missing)
		fprintf(to, "no functions to show: %s\n", missing);
	if (not_run)
		fprintf(to, "not run: %s\n", not_run);
	free(not_run);
	if (v->doubts)
		fprintf(to, "warning: this may err:\n%s", v->doubts);
	verdict_summarize(v, text);
	fprintf(to, "%s, %s\n", outcome(v), text);
}
