/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Metrics as text that Prometheus and its like collect.
 */
#ifndef VMTOP_SERVE_OPENMETRICS_H
#define VMTOP_SERVE_OPENMETRICS_H

#include <stddef.h>
#include <stdio.h>

#include "vmtop/serve/metrics.h"

enum openmetrics_format {
	OPENMETRICS_TEXT,	/* Prometheus' own, version 0.0.4 */
	OPENMETRICS_1_0,
	OPENMETRICS_FORMATS
};

/* By format; for a Content-Type. */
extern const char *const openmetrics_type[OPENMETRICS_FORMATS];

/*
 * Returns how many parts make the text. Each is short, so that the caller may
 * look after other things between two of them. The metrics
 * must not change before the last one.
 */
size_t openmetrics_parts(const struct metrics *m);
void openmetrics_print(FILE *to, const struct metrics *m,
		       enum openmetrics_format format, size_t part);

#endif
