/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From rows to argp's tables and back.
 */
#include "command/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "command/value.h"
#include "machine/machine.h"

/* argp's keys of rows without a letter, which are never characters */
#define KEY_ROWS	0x1000
#define KEY_USAGE	0x10000
#define KEY_LIST	0x10001

static const struct argp_option common_options[] = {
	{ "help", '?', NULL, 0, "show this help", -1 },
	{ "usage", KEY_USAGE, NULL, 0, "show a short usage line", -1 },
	{ "list-options", KEY_LIST, NULL, OPTION_HIDDEN, NULL, -1 },
	{ 0 }
};

#define COMMON_COUNT (sizeof(common_options) / sizeof(common_options[0]))

struct parsing {
	const struct command_syntax *syntax;
	void *options;
	struct argp_option *own;
	char **help;		/* what argp shows, if it is not the row's */
	size_t count;
};

static size_t rows_count(const struct option_row *row)
{
	size_t count = 0;

	while (row[count].name)
		count++;
	return count;
}

static int row_key(const struct option_row *row, size_t index)
{
	return row->letter ? row->letter : (int)(KEY_ROWS + index);
}

/* "HELP: a, b or c"; NULL: no memory. */
static char *help_with_values(const struct option_row *row)
{
	char *text = NULL;
	size_t bytes;
	FILE *to = open_memstream(&text, &bytes);

	if (!to)
		return NULL;
	fputs(row->help, to);
	for (size_t i = 0; row->value_at(i); i++)
		fprintf(to, "%s%s", !i ? ": " : row->value_at(i + 1) ?
			", " : " or ", row->value_at(i));
	if (!fclose(to))
		return text;
	free(text);
	return NULL;
}

static void parsing_release(struct parsing *p)
{
	for (size_t i = 0; p->help && i < p->count; i++)
		free(p->help[i]);
	free(p->help);
	free(p->own);
}

/* argp's rows, one more for each heading. */
static int parsing_prepare(struct parsing *p)
{
	const struct option_row *row = p->syntax->option;
	struct argp_option *to;
	int group = 0;

	p->count = rows_count(row);
	p->own = calloc(2 * p->count + COMMON_COUNT, sizeof(*p->own));
	p->help = calloc(p->count + 1, sizeof(*p->help));
	if (!p->own || !p->help)
		return -ENOMEM;
	to = p->own;
	for (size_t i = 0; i < p->count; i++, row++) {
		if (row->value_at && !(p->help[i] = help_with_values(row)))
			return -ENOMEM;
		if (row->heading)
			*to++ = (struct argp_option){
				.doc = row->heading, .group = ++group,
			};
		*to++ = (struct argp_option){
			.name = row->name, .key = row_key(row, i),
			.arg = row->argument, .group = group,
			.flags = row->help ? 0 : OPTION_HIDDEN,
			.doc = p->help[i] ? p->help[i] : row->help,
		};
	}
	memcpy(to, common_options, sizeof(common_options));
	return 0;
}

static error_t row_take(const struct parsing *p, const struct option_row *row,
			const char *arg, const struct argp_state *state)
{
	char *options = p->options;

	if (row->noted)
		*(const char **)(options + row->noted) = row->name;
	return row->take(row, arg, options + row->offset, state);
}

static error_t argument_take(const struct parsing *p, char *arg,
			     const struct argp_state *state)
{
	const struct command_syntax *s = p->syntax;
	const char **one = (const char **)((char *)p->options + s->one);
	error_t err = 0;

	if (s->one && !*one)
		*one = arg;
	else
		err = s->take ? s->take(p->options, arg, state) : EINVAL;
	if (err)
		argp_error(state, "'%s' is %s; %s", arg,
			   s->one || s->take ? "too much" : "not an option",
			   s->wanted ? s->wanted : "options begin with --");
	return err;
}

static error_t all_check(const struct parsing *p,
			 const struct argp_state *state)
{
	const struct command_syntax *s = p->syntax;
	const char *why = s->conflict ? s->conflict(p->options) : NULL;

	if (why)
		argp_error(state, "%s", why);
	return why ? EINVAL : 0;
}

static void values_list(const struct option_row *row)
{
	const char *(*at)(size_t i) = row->value_at ? row->value_at :
						       row->listed_at;

	for (size_t i = 0; at && at(i); i++)
		printf("%s%s", i ? "," : "", at(i));
}

/* Those of this user that run now. */
static void machines_list(void)
{
	char **names;
	size_t count;

	if (machine_list(&names, &count))
		return;
	for (size_t i = 0; i < count; i++) {
		printf("%s%s", i ? "," : "", names[i]);
		free(names[i]);
	}
	free(names);
}

/* --NAME, -LETTER, ARGUMENT, what to offer, values; with tabs between them. */
static void row_list(const struct option_row *row)
{
	static const char *const offers[] = {
		[OFFER_NOTHING] = "nothing", [OFFER_FILES] = "files",
		[OFFER_MACHINES] = "machines", [OFFER_VALUES] = "values",
		[OFFER_LIST] = "list",
	};

	printf("%s%s\t", row->name ? "--" : "", row->name ? row->name : "");
	if (row->letter)
		printf("-%c", row->letter);
	printf("\t%s\t%s\t", row->argument ? row->argument : "",
	       row->name && !row->argument ? "flag" : offers[row->offer]);
	if (row->offer == OFFER_MACHINES)
		machines_list();
	else
		values_list(row);
	putchar('\n');
}

/* A line each; the last one is for arguments, and has no name. */
static void syntax_list(const struct command_syntax *syntax)
{
	const struct option_row arguments = { .offer = syntax->argument_offer };

	for (const struct option_row *row = syntax->option; row->name; row++)
		if (row->help)
			row_list(row);
	for (const struct argp_option *o = common_options; o->name; o++)
		if (!(o->flags & OPTION_HIDDEN))
			printf("--%s\t%s\t\tflag\t\n", o->name,
			       o->key == '?' ? "-?" : "");
	if (syntax->arguments)
		row_list(&arguments);
}

/* Options that print, and end the program. */
static error_t common_take(const struct parsing *p, int key,
			   const struct argp_state *state)
{
	switch (key) {
	case '?':
		argp_help(state->root_argp, stdout,
			  ARGP_HELP_USAGE | ARGP_HELP_DOC | ARGP_HELP_LONG,
			  state->name);
		break;
	case KEY_USAGE:
		argp_help(state->root_argp, stdout, ARGP_HELP_USAGE,
			  state->name);
		break;
	case KEY_LIST:
		syntax_list(p->syntax);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	exit(cmd_end(CMD_DONE));
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const struct parsing *p = state->input;

	if (key == ARGP_KEY_ARG)
		return argument_take(p, arg, state);
	if (key == ARGP_KEY_END)
		return all_check(p, state);
	for (size_t i = 0; i < p->count; i++)
		if (row_key(&p->syntax->option[i], i) == key)
			return row_take(p, &p->syntax->option[i], arg, state);
	return common_take(p, key, state);
}

int options_take(const struct command_syntax *syntax, int argc, char **argv,
		 void *options)
{
	struct parsing p = { .syntax = syntax, .options = options };
	struct argp argp = {
		.parser = parse,
		.args_doc = syntax->arguments,
		.doc = syntax->purpose,
	};
	error_t err = parsing_prepare(&p);

	argp.options = p.own;
	if (err)
		cmd_error("out of memory");
	else
		err = argp_parse(&argp, argc, argv,
				 ARGP_NO_HELP | ARGP_NO_EXIT, NULL, &p);
	if (err)
		argp_help(&argp, stderr, ARGP_HELP_USAGE, argv[0]);
	parsing_release(&p);
	return err ? CMD_USAGE : 0;
}
