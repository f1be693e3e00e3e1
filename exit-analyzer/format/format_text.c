/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A verdict for people: what changed, then the count.
 */
#include "exit-analyzer/format/formats.h"

#include "exit-analyzer/judge/share.h"

/* beneath the row's name */
#define SHARE_INDENT 13

void verdict_print_text(FILE *to, const struct verdict *v, const char *baseline)
{
	const char *missing = shares_missing(v);
	char text[VERDICT_TEXT_BYTES];

	if (v->machines.decides)
		fprintf(to, "FORCED: %s is of another machine:\n%s", baseline,
			v->machines.decides);
	if (v->machines.noted)
		fprintf(to, "note: what differs beside the core:\n%s",
			v->machines.noted);
	for (size_t i = 0; i < v->rows; i++) {
		const struct verdict_row *r = &v->row[i];

		if (r->kind == VERDICT_SAME)
			continue;
		verdict_row_describe(v, r, text, sizeof(text));
		fprintf(to, "%-13s  %-22s  %s\n", verdict_kind_name(r->kind),
			r->name, text);
		shares_print(to, SHARE_INDENT, v->old, v->new, r->name);
	}
	if (missing)
		fprintf(to, "no functions to show: %s\n", missing);
	verdict_summarize(v, text);
	fprintf(to, "%s, %s\n", v->failed ? "REGRESSION" : "ok", text);
}
