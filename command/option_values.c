/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows' take(): values of options into a command's fields.
 */
#include "command/options.h"

#include <errno.h>
#include <limits.h>

#include "command/units.h"
#include "command/value.h"

error_t option_text(const struct option_row *row, const char *arg, void *to,
		    const struct argp_state *state)
{
	(void)row;
	(void)state;
	*(const char **)to = arg;
	return 0;
}

error_t option_flag(const struct option_row *row, const char *arg, void *to,
		    const struct argp_state *state)
{
	(void)row;
	(void)arg;
	(void)state;
	*(bool *)to = true;
	return 0;
}

error_t option_ignore(const struct option_row *row, const char *arg, void *to,
		      const struct argp_state *state)
{
	(void)row;
	(void)arg;
	(void)to;
	(void)state;
	return 0;
}

error_t option_count(const struct option_row *row, const char *arg, void *to,
		     const struct argp_state *state)
{
	return value_count(state, row->name, arg,
			   row->max ? (unsigned int)row->max : UINT_MAX, to);
}

error_t option_size(const struct option_row *row, const char *arg, void *to,
		    const struct argp_state *state)
{
	return value_size(state, row->name, arg, to);
}

error_t option_duration(const struct option_row *row, const char *arg,
			void *to, const struct argp_state *state)
{
	if (!units_parse_duration(arg, to))
		return 0;
	return value_refuse(state, row->name, arg,
			    "a time, such as 10, 500ms or 2m");
}

error_t option_choice(const struct option_row *row, const char *arg, void *to,
		      const struct argp_state *state)
{
	return value_choose(state, row->name, arg, row->value_at, to);
}
