/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The options of a command as a table: one row an option. Its row parses it,
 * prints it in --help, and lists it for completion and for the test of the
 * man page (--list-options). On argp, which does the work.
 */
#ifndef COMMAND_OPTIONS_H
#define COMMAND_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Offered by a shell for an option's value. */
enum option_offer {
	OFFER_NOTHING,
	OFFER_FILES,
	OFFER_MACHINES,		/* that run now */
	OFFER_VALUES,		/* of value_at(): one of them, */
	OFFER_LIST,		/* or several with commas between them */
};

struct option_row {
	const char *heading;	/* of the group that begins here; NULL: none */
	const char *name;	/* without its -- */
	char letter;		/* 0: it has none */
	const char *argument;	/* NULL: it takes none */
	const char *help;	/* names of values are added; NULL: hidden */
	/* Sets *to. 0, or EINVAL after having told the user. */
	error_t (*take)(const struct option_row *row, const char *arg,
			void *to, const struct argp_state *state);
	size_t offset;		/* of `to` in the command's options */
	/* of a const char * there that notes the name of the last option given
	 * that has it; 0: not noted, so it is not the first field */
	size_t noted;
	uint64_t max;		/* for option_count(); 0: no limit */
	enum option_offer offer;
	/* the valid names, NULL behind the last; NULL: any value may be */
	const char *(*value_at)(size_t i);
	/* the same, where help would be too long with them */
	const char *(*listed_at)(size_t i);
};

struct command_syntax {
	const struct option_row *option; /* ends with a row without a name */
	const char *arguments;	/* such as "RESULT..."; NULL: none */
	enum option_offer argument_offer;
	const char *purpose;	/* sentences, for --help */
	/* offset of a const char * for the only argument; 0: there is none */
	size_t one;
	/* or takes any of them; EINVAL to have `wanted` printed */
	error_t (*take)(void *options, char *arg, const struct argp_state *s);
	const char *wanted;	/* "give one RESULT" */
	/* Looks at all options together: NULL, or what is wrong with them. */
	const char *(*conflict)(void *options);
};

/*
 * Takes a command line. 0 or CMD_USAGE, after having told the user what is
 * wrong; --help and --list-options end the program.
 */
int options_take(const struct command_syntax *syntax, int argc, char **argv,
		 void *options);

/* The take() of rows. To a const char *: */
error_t option_text(const struct option_row *row, const char *arg, void *to,
		    const struct argp_state *state);
/* To a bool, which becomes true: */
error_t option_flag(const struct option_row *row, const char *arg, void *to,
		    const struct argp_state *state);
/* To nothing: it changes nothing. */
error_t option_ignore(const struct option_row *row, const char *arg, void *to,
		      const struct argp_state *state);
/* From 1 to max, to an unsigned int: */
error_t option_count(const struct option_row *row, const char *arg, void *to,
		     const struct argp_state *state);
/* Bytes, to a uint64_t: */
error_t option_size(const struct option_row *row, const char *arg, void *to,
		    const struct argp_state *state);
/* Nanoseconds, to a uint64_t: */
error_t option_duration(const struct option_row *row, const char *arg,
			void *to, const struct argp_state *state);
/* Which of the names of value_at(), to a size_t: */
error_t option_choice(const struct option_row *row, const char *arg, void *to,
		      const struct argp_state *state);

#endif
