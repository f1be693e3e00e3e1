/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers, sizes and durations as people type them.
 */
#include "command/units.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

int units_parse_number(const char *text, uint64_t min, uint64_t max,
		       uint64_t *value)
{
	char *end;
	uint64_t v;

	errno = 0;
	v = strtoull(text, &end, 10);
	/* strtoull() would take " 1" and "-1" */
	if (!isdigit((unsigned char)text[0]) || *end || errno || v < min ||
	    v > max)
		return -EINVAL;
	*value = v;
	return 0;
}

int units_parse_percent(const char *text, double *percent)
{
	char *end;
	double v = strtod(text, &end);

	if (*end == '%')
		end++;
	if (!isdigit((unsigned char)text[0]) || strpbrk(text, "xX") || *end)
		return -EINVAL;
	*percent = v;
	return 0;
}

struct unit {
	const char *name;
	double factor;
};

/* Far below 2^63 of the smallest unit. */
#define VALUE_MAX 9e18

static int units_parse(const char *text, const struct unit *units, size_t count,
		       uint64_t *value)
{
	char *end;
	double v;

	/* strtod() would take "inf", "-1" and "0x10" */
	if (!isdigit((unsigned char)text[0]) || strpbrk(text, "xXeE"))
		return -EINVAL;
	v = strtod(text, &end);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(end, units[i].name))
			continue;
		v *= units[i].factor;
		if (v < 1 || v > VALUE_MAX)
			return -EINVAL;
		*value = (uint64_t)v;
		return 0;
	}
	return -EINVAL;
}

int units_parse_size(const char *text, uint64_t *bytes)
{
	static const struct unit units[] = {
		{ "", 1 },
		{ "K", 1ull << 10 }, { "KiB", 1ull << 10 },
		{ "M", 1ull << 20 }, { "MiB", 1ull << 20 },
		{ "G", 1ull << 30 }, { "GiB", 1ull << 30 },
		{ "T", 1ull << 40 }, { "TiB", 1ull << 40 },
	};

	return units_parse(text, units, sizeof(units) / sizeof(units[0]),
			   bytes);
}

int units_parse_duration(const char *text, uint64_t *ns)
{
	static const struct unit units[] = {
		{ "", 1e9 }, { "s", 1e9 }, { "ms", 1e6 }, { "us", 1e3 },
		{ "ns", 1 }, { "m", 60e9 }, { "h", 3600e9 },
	};

	return units_parse(text, units, sizeof(units) / sizeof(units[0]), ns);
}
