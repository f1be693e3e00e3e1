/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A command line through the rows of a table, into the command's fields.
 */
#include "command/options.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "command/command.h"

struct options {
	bool flag;
	const char *text, *only, *machine_option;
	unsigned int count;
	uint64_t bytes, ns;
	size_t choice;
};

static const char *fruit_at(size_t i)
{
	static const char *const fruit[] = { "apple", "pear", "fig", NULL };

	return fruit[i];
}

static const struct option_row rows[] = {
	{ .heading = "First:",
	  .name = "flag", .letter = 'f', .help = "a flag",
	  .take = option_flag, .offset = offsetof(struct options, flag) },
	{ .name = "text", .argument = "TEXT", .help = "a text",
	  .take = option_text, .offset = offsetof(struct options, text),
	  .noted = offsetof(struct options, machine_option),
	  .offer = OFFER_FILES },
	{ .heading = "Second:",
	  .name = "count", .letter = 'n', .argument = "N", .help = "a number",
	  .take = option_count, .offset = offsetof(struct options, count),
	  .max = 5 },
	{ .name = "size", .argument = "SIZE", .help = "a size",
	  .take = option_size, .offset = offsetof(struct options, bytes),
	  .noted = offsetof(struct options, machine_option) },
	{ .name = "time", .argument = "TIME", .help = "a time",
	  .take = option_duration, .offset = offsetof(struct options, ns) },
	{ .name = "fruit", .argument = "FRUIT", .help = "what to eat",
	  .take = option_choice, .offset = offsetof(struct options, choice),
	  .offer = OFFER_VALUES, .value_at = fruit_at },
	{ .name = "stdio", .help = "as always", .take = option_ignore },
	{ 0 }
};

static const char *conflict(void *options)
{
	const struct options *o = options;

	return o->flag && o->text ? "--flag and --text exclude each other" :
				    NULL;
}

static const struct command_syntax syntax = {
	.option = rows,
	.purpose = "A test.",
	.arguments = "FILE",
	.argument_offer = OFFER_FILES,
	.one = offsetof(struct options, only),
	.wanted = "give one FILE",
	.conflict = conflict,
};

#define ARGS_MAX 8

/* Parses a command line of up to ARGS_MAX words, ended by NULL. */
static int take(struct options *o, const char *word, ...)
{
	char *argv[ARGS_MAX + 2] = { strdup("test") };
	int argc = 1, status;
	va_list list;

	va_start(list, word);
	for (; word; word = va_arg(list, const char *))
		argv[argc++] = (char *)word;
	va_end(list);
	*o = (struct options){ 0 };
	status = options_take(&syntax, argc, argv, o);
	free(argv[0]);
	return status;
}

static void every_row_sets_its_field(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(take(&o, "-f", "-n", "5", "--size", "1K", "here",
			      "--time=2ms", NULL), 0);
	assert_true(o.flag);
	assert_int_equal(o.count, 5);
	assert_int_equal(o.bytes, 1024);
	assert_int_equal(o.ns, 2000000);
	assert_string_equal(o.only, "here");
	assert_int_equal(take(&o, "--text", "t", "--fruit=fig", "--stdio",
			      NULL), 0);
	assert_string_equal(o.text, "t");
	assert_int_equal(o.choice, 2);
	assert_false(o.flag);
	assert_null(o.only);
}

static void last_of_some_is_noted(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(take(&o, "-f", NULL), 0);
	assert_null(o.machine_option);
	assert_int_equal(take(&o, "--text=a", "--size=1", "-n1", NULL), 0);
	assert_string_equal(o.machine_option, "size");
}

static void refusals_are_usage_errors(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(take(&o, "-n", "6", NULL), CMD_USAGE);
	assert_int_equal(take(&o, "--size=much", NULL), CMD_USAGE);
	assert_int_equal(take(&o, "--time=soon", NULL), CMD_USAGE);
	assert_int_equal(take(&o, "--fruit=stone", NULL), CMD_USAGE);
	assert_int_equal(take(&o, "--nothing", NULL), CMD_USAGE);
	assert_int_equal(take(&o, "one", "two", NULL), CMD_USAGE);
	assert_int_equal(take(&o, "-f", "--text=t", NULL), CMD_USAGE);
}

/* Returns what an option that ends the program prints; caller frees. */
static char *printed(const char *option)
{
	char *text = calloc(1, 4096);
	int fds[2], status;
	struct options o;

	assert_int_equal(pipe(fds), 0);
	if (!fork()) {
		dup2(fds[1], STDOUT_FILENO);
		take(&o, option, NULL);
		_exit(9);
	}
	close(fds[1]);
	for (ssize_t n, at = 0; (n = read(fds[0], text + at,
					  (size_t)(4095 - at))) > 0; at += n)
		;
	close(fds[0]);
	assert_true(wait(&status) > 0);
	assert_int_equal(status, 0);
	return text;
}

static void help_comes_from_the_rows(void **state)
{
	char *text = printed("--help");

	(void)state;
	assert_non_null(strstr(text, "A test."));
	assert_non_null(strstr(text, "what to eat: apple, pear or fig"));
	assert_non_null(strstr(text, "-n, --count=N"));
	assert_true(strstr(text, "First:") < strstr(text, "Second:"));
	assert_null(strstr(text, "list-options"));
	free(text);
}

static void list_has_every_row(void **state)
{
	char *text = printed("--list-options");

	(void)state;
	assert_string_equal(text,
			    "--flag\t-f\t\tflag\t\n"
			    "--text\t\tTEXT\tfiles\t\n"
			    "--count\t-n\tN\tnothing\t\n"
			    "--size\t\tSIZE\tnothing\t\n"
			    "--time\t\tTIME\tnothing\t\n"
			    "--fruit\t\tFRUIT\tvalues\tapple,pear,fig\n"
			    "--stdio\t\t\tflag\t\n"
			    "--help\t-?\t\tflag\t\n"
			    "--usage\t\t\tflag\t\n"
			    "\t\t\tfiles\t\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_sets_its_field),
		cmocka_unit_test(last_of_some_is_noted),
		cmocka_unit_test(refusals_are_usage_errors),
		cmocka_unit_test(help_comes_from_the_rows),
		cmocka_unit_test(list_has_every_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
