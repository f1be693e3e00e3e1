/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers, sizes and durations as people type them: 256M, 1.5G, 500ms, 2m.
 * All return 0, or -EINVAL and leave the value as it was.
 */
#ifndef COMMAND_UNITS_H
#define COMMAND_UNITS_H

#include <stdint.h>

/* Whole, decimal, from min to max. */
int units_parse_number(const char *text, uint64_t min, uint64_t max,
		       uint64_t *value);
/* "3", "2.5" or "3%". */
int units_parse_percent(const char *text, double *percent);

/* Bytes; K, M, G, T are powers of 1024. An empty text is refused. */
int units_parse_size(const char *text, uint64_t *bytes);
/* Seconds, if no ns, us, ms, s, m or h follows. Not 0. */
int units_parse_duration(const char *text, uint64_t *ns);

#endif
