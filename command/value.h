/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of options, for argp's parsers: taken, or refused in the same words
 * by every command. All return 0, or EINVAL after having told the user and
 * leave the value as it was.
 */
#ifndef COMMAND_VALUE_H
#define COMMAND_VALUE_H

#include <argp.h>
#include <stddef.h>
#include <stdint.h>

/* "--OPTION: 'ARG' is not WANTED"; EINVAL. */
error_t value_refuse(const struct argp_state *state, const char *option,
		     const char *arg, const char *wanted);
error_t value_size(const struct argp_state *state, const char *option,
		   const char *arg, uint64_t *bytes);
/* From 1 to max. */
error_t value_count(const struct argp_state *state, const char *option,
		    const char *arg, unsigned int max, unsigned int *count);
/* One of a list; *chosen is its place there. name_at() gives NULL behind the
 * last; what it is, such as "format", is for the words. */
error_t value_choose(const struct argp_state *state, const char *what,
		     const char *arg, const char *(*name_at)(size_t i),
		     size_t *chosen);

#endif
