/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A verdict as workflow commands of GitHub Actions: failed rows are errors
 * on the baseline's file, better ones a notice to bless it anew.
 */
#include "exit-analyzer/format/formats.h"

#include <stdlib.h>
#include <string.h>

#include "exit-analyzer/judge/share.h"

/* A property ends at a comma or colon, any text at a newline. */
static void escaped_print(FILE *to, const char *text, bool property)
{
	for (; *text; text++) {
		bool special = *text == '%' || *text == '\r' || *text == '\n' ||
			       (property && (*text == ',' || *text == ':'));

		fprintf(to, special ? "%%%02X" : "%c", (unsigned char)*text);
	}
}

void verdict_print_github(FILE *to, const struct verdict *v,
			  const char *baseline)
{
	char *not_run = verdict_rows_of(v, VERDICT_NOT_RUN);
	char text[VERDICT_TEXT_BYTES], *shares;

	for (size_t i = 0; i < v->rows; i++) {
		const struct verdict_row *r = &v->row[i];

		if (!verdict_row_failed(r) && r->kind != VERDICT_BETTER)
			continue;
		verdict_row_describe(v, r, text, sizeof(text));
		fputs(verdict_row_failed(r) ? "::error file=" :
					      "::notice file=", to);
		escaped_print(to, baseline, true);
		fputs(",title=", to);
		escaped_print(to, r->name, true);
		fprintf(to, " is %s::", verdict_kind_name(r->kind));
		escaped_print(to, text, false);
		shares = shares_text(v->old, v->new, r->name);
		if (shares) {
			/* its last newline is the command's */
			shares[strlen(shares) - 1] = '\0';
			fputs("%0A", to);
			escaped_print(to, shares, false);
		}
		free(shares);
		fputc('\n', to);
	}
	if (not_run) {
		fputs("::notice title=not run::", to);
		escaped_print(to, not_run, false);
		fputc('\n', to);
	}
	free(not_run);
	if (v->doubts) {
		fputs("::warning title=this may err::", to);
		escaped_print(to, v->doubts, false);
		fputc('\n', to);
	}
	if (v->machines.noted) {
		fputs("::notice title=what differs beside the core::", to);
		escaped_print(to, v->machines.noted, false);
		fputc('\n', to);
	}
	verdict_summarize(v, text);
	fprintf(to, "::notice title=exit costs%s::%s\n",
		v->machines.decides ? " (forced)" : "", text);
}
