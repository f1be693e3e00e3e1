/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Turns exit-bench's console into rows of a result. Its lines are JSON
 * objects; other lines (a loader's, a kernel's) are passed over. The guest is
 * not trusted: a line that makes no sense is an error, with its number.
 */
#ifndef EXIT_ANALYZER_MEASURE_SUITE_OUTPUT_H
#define EXIT_ANALYZER_MEASURE_SUITE_OUTPUT_H

#include <stddef.h>

#include "exit-analyzer/result/result.h"

/*
 * Adds the rows of one run, and what the guest knows of its machine. Rows
 * that are there already get a further round. 0; -ENODATA: the last line is
 * missing, rows so far are kept; others: *why says what is wrong.
 */
int suite_output_parse(struct result *r, const char *text, char *why,
		       size_t bytes);
/*
 * Once all rounds are in: cost becomes their median. A row that was not seen
 * in some of them (of a guest that did without such exits) cost nothing
 * there. 0 or -ENOMEM.
 */
int suite_rounds_close(struct result *r, size_t rounds);

#endif
