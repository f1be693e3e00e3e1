/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which facts decide whether two results compare, and by which part of their
 * value: what can change a figure does, what cannot is only noted.
 */
#ifndef EXIT_ANALYZER_RESULT_FACT_RULES_H
#define EXIT_ANALYZER_RESULT_FACT_RULES_H

#include <stdbool.h>
#include <stddef.h>

enum fact_weight {
	FACT_DECIDES,		/* differing, the results do not compare */
	FACT_NOTED,		/* differing, the report says so */
	FACT_IGNORED,
};

/* Returns the weight of a fact of the machine, or of a recorded one. */
enum fact_weight fact_weight(const char *name, bool machine);
/* Fills text with the part of the value that decides, cut to fit. */
void fact_decisive(const char *name, const char *value, char *text,
		   size_t bytes);

#endif
