/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of options, taken or refused.
 */
#include "command/value.h"

#include <errno.h>
#include <string.h>

#include "command/name_list.h"
#include "command/units.h"

error_t value_refuse(const struct argp_state *state, const char *option,
		     const char *arg, const char *wanted)
{
	argp_error(state, "--%s: '%s' is not %s", option, arg, wanted);
	return EINVAL;
}

error_t value_size(const struct argp_state *state, const char *option,
		   const char *arg, uint64_t *bytes)
{
	if (!units_parse_size(arg, bytes))
		return 0;
	return value_refuse(state, option, arg, "a size, such as 256M or 1G");
}

error_t value_count(const struct argp_state *state, const char *option,
		    const char *arg, unsigned int max, unsigned int *count)
{
	char wanted[48];
	uint64_t n;

	if (!units_parse_number(arg, 1, max, &n)) {
		*count = (unsigned int)n;
		return 0;
	}
	snprintf(wanted, sizeof(wanted), "a number from 1 to %u", max);
	return value_refuse(state, option, arg, wanted);
}

error_t value_choose(const struct argp_state *state, const char *what,
		     const char *arg, const char *(*name_at)(size_t i),
		     size_t *chosen)
{
	char valid[NAME_LIST_BYTES] = "";
	const char *name;

	for (size_t i = 0; (name = name_at(i)); i++) {
		if (!strcmp(name, arg)) {
			*chosen = i;
			return 0;
		}
		name_list_add(valid, name);
	}
	argp_error(state, "%s '%s' is unknown; valid: %s", what, arg, valid);
	return EINVAL;
}
