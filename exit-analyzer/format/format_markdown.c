/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A verdict as a Markdown table, for a pull request or a step summary.
 */
#include "exit-analyzer/format/formats.h"

#include <stdlib.h>

#include "exit-analyzer/judge/share.h"

static void cell_print(FILE *to, const char *text)
{
	for (; *text; text++) {
		if (*text == '|' || *text == '\\')
			fputc('\\', to);
		fputc((unsigned char)*text < ' ' ? ' ' : *text, to);
	}
}

static void cost_print(FILE *to, const struct result_row *row)
{
	if (row)
		fprintf(to, " %llu |", (unsigned long long)row->cost);
	else
		fputs(" |", to);
}

static void row_print(FILE *to, const struct verdict_row *r)
{
	fputs(verdict_row_failed(r) ? "| **" : "| ", to);
	cell_print(to, r->name);
	fputs(verdict_row_failed(r) ? "** |" : " |", to);
	cost_print(to, r->old);
	cost_print(to, r->new);
	if (r->old && r->new)
		fprintf(to, " %+lld | %+.2f%% |",
			(long long)(r->new->cost - r->old->cost), r->percent);
	else
		fputs(" | |", to);
	fprintf(to, " %s |\n", verdict_kind_name(r->kind));
}

static void alike_print(FILE *to, const struct share *share, size_t count)
{
	char name[SHARE_NAME_BYTES];

	for (size_t i = 0; i < count && i < SHARES_SHOWN; i++) {
		share_name(&share[i], name);
		fputs("| &emsp;", to);
		cell_print(to, name);
		fprintf(to, " | %llu | %llu | %+lld | | |\n",
			(unsigned long long)share[i].old,
			(unsigned long long)share[i].new,
			(long long)(share[i].new - share[i].old));
	}
	if (count > SHARES_SHOWN)
		fprintf(to, "| &emsp;%zu more changed | | | | | |\n",
			count - SHARES_SHOWN);
}

/* Beneath its row, moved in. */
static void share_rows_print(FILE *to, const struct verdict *v,
			     const struct verdict_row *r)
{
	struct shares s;

	if (shares_of_row(&s, v->old, v->new, r->name))
		return;
	for (size_t i = 0; i < s.count; i += shares_alike(&s, i))
		alike_print(to, &s.share[i], shares_alike(&s, i));
	shares_release(&s);
}

static void not_run_print(FILE *to, const struct verdict *v)
{
	char *rows = verdict_rows_of(v, VERDICT_NOT_RUN);

	if (rows) {
		fputs("\nNot run: ", to);
		cell_print(to, rows);
		fputc('\n', to);
	}
	free(rows);
}

void verdict_print_markdown(FILE *to, const struct verdict *v,
			    const char *baseline)
{
	char text[VERDICT_TEXT_BYTES];
	bool any = false;

	verdict_summarize(v, text);
	fprintf(to, "### Exit costs: %s\n\n%s\n",
		verdict_outcome(v), text);
	if (v->machines.decides) {
		fputs("\n**Forced**: `", to);
		cell_print(to, baseline);
		fprintf(to, "` is of another machine.\n\n```\n%s```\n",
			v->machines.decides);
	}
	if (v->machines.noted)
		fprintf(to, "\nWhat differs beside the core:\n\n```\n%s```\n",
			v->machines.noted);
	if (v->doubts)
		fprintf(to, "\n**This may err**:\n\n```\n%s```\n", v->doubts);
	not_run_print(to, v);
	for (size_t i = 0; i < v->rows; i++) {
		if (v->row[i].kind == VERDICT_SAME ||
		    v->row[i].kind == VERDICT_NOT_RUN)
			continue;
		if (!any)
			fprintf(to, "\n| row | old (%s) | new | delta | | |\n"
				"|---|--:|--:|--:|--:|---|\n",
				result_unit(v->new));
		any = true;
		row_print(to, &v->row[i]);
		share_rows_print(to, v, &v->row[i]);
	}
}
