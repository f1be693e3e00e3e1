/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The formats that a verdict can be printed in.
 */
#include "exit-analyzer/format/formats.h"

#include "exit-analyzer/judge/judgement.h"

const struct verdict_format verdict_formats[] = {
#define FORMAT(name) { #name, verdict_print_##name },
#include "exit-analyzer/format/formats.def"
	{ 0 }
};

void verdict_summarize(const struct verdict *v, char text[VERDICT_TEXT_BYTES])
{
	/* what is rare is named only if it is there */
	static const struct {
		enum verdict_kind kind;
		bool rare;
	} order[] = {
		{ VERDICT_NOTHING, true }, { VERDICT_WORSE, false },
		{ VERDICT_GONE, false }, { VERDICT_BETTER, false },
		{ VERDICT_WITHIN, false }, { VERDICT_NEW, false },
		{ VERDICT_NOT_RUN, true }, { VERDICT_SAME, false },
	};
	const char *between = ":";
	int at = snprintf(text, VERDICT_TEXT_BYTES, "%zu row%s (%s)",
			  v->rows, v->rows == 1 ? "" : "s",
			  v->judgement->name);

	_Static_assert(sizeof(order) / sizeof(order[0]) == VERDICT_KINDS,
		       "every kind has a place");
	for (size_t i = 0; i < VERDICT_KINDS; i++) {
		enum verdict_kind kind = order[i].kind;

		if (order[i].rare && !v->count[kind])
			continue;
		at += snprintf(text + at, VERDICT_TEXT_BYTES - (size_t)at,
			       "%s %zu %s", between, v->count[kind],
			       verdict_kind_name(kind));
		between = ",";
	}
}
