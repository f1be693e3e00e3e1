/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A verdict for people and for CI systems: one format a file, one row in
 * formats.def each.
 */
#ifndef EXIT_ANALYZER_FORMAT_FORMATS_H
#define EXIT_ANALYZER_FORMAT_FORMATS_H

#include <stdio.h>

#include "exit-analyzer/judge/verdict.h"

struct verdict_format {
	const char *name;
	/* baseline is the path that users know it by */
	void (*print)(FILE *to, const struct verdict *v, const char *baseline);
};

/* Ends with a row without a name; the first is the default. */
extern const struct verdict_format verdict_formats[];

#define FORMAT(name) \
	void verdict_print_##name(FILE *to, const struct verdict *v, \
				  const char *baseline);
#include "exit-analyzer/format/formats.def"

/* Room for verdict_row_describe(), which every format prints. */
#define VERDICT_TEXT_BYTES 256
/* "3 rows (exact): 1 worse, ..." */
void verdict_summarize(const struct verdict *v, char text[VERDICT_TEXT_BYTES]);

#endif
