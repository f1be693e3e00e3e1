/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rule of json_out for those who build JSON with jansson: a number that
 * no reader changes.
 */
#ifndef REPORTS_JSON_NUMBER_H
#define REPORTS_JSON_NUMBER_H

#include <inttypes.h>
#include <stdio.h>

#include <jansson.h>

#include "reports/out.h"

static inline json_t *json_number(uint64_t n)
{
	char digits[OUT_NUMBER_BYTES];

	if (n <= OUT_JSON_NUMBER_MAX)
		return json_integer((json_int_t)n);
	snprintf(digits, sizeof(digits), "%" PRIu64, n);
	return json_string(digits);
}

#endif
