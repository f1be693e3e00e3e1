/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-analyzer list: what results hold, as a table.
 */
#include "exit-analyzer/cmd/cmd.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "command/options.h"
#include "exit-analyzer/cmd/result_load.h"

struct options {
	const char **path;
	size_t count;
	bool functions;
};

static const struct option_row option_rows[] = {
	{ .name = "functions", .letter = 'f',
	  .help = "show in which functions the instructions of each row went",
	  .take = option_flag, .offset = offsetof(struct options, functions) },
	{ 0 }
};

static error_t take(void *options, char *arg, const struct argp_state *state)
{
	struct options *o = options;
	const char **more = reallocarray(o->path, o->count + 1, sizeof(*more));

	(void)state;
	if (!more)
		return ENOMEM;
	o->path = more;
	o->path[o->count++] = arg;
	return 0;
}

static const char *conflict(void *options)
{
	const struct options *o = options;

	return o->count ? NULL : "give a result";
}

static const struct command_syntax syntax = {
	.option = option_rows,
	.arguments = "RESULT...",
	.argument_offer = OFFER_FILES,
	.purpose = "Shows results or baselines: on what they were measured, "
		   "and every row.",
	.take = take,
	.conflict = conflict,
};

static void facts_print(const struct result_facts *facts)
{
	for (size_t i = 0; i < facts->count; i++)
		printf("# %s: %s\n", facts->fact[i].name, facts->fact[i].value);
}

static int most_first(const void *a, const void *b)
{
	const struct result_function *x = a, *y = b;

	if (x->instructions != y->instructions)
		return x->instructions > y->instructions ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void functions_print(struct result_row *row)
{
	if (row->functions)
		qsort(row->function, row->functions, sizeof(*row->function),
		      most_first);
	for (size_t i = 0; i < row->functions; i++)
		printf("%12llu  %s\n",
		       (unsigned long long)row->function[i].instructions,
		       row->function[i].name);
}

static void result_show(const struct options *o, const char *path,
			struct result *r)
{
	printf("# %s\n", path);
	facts_print(&r->machine);
	facts_print(&r->recorded);
	if (r->failure)
		printf("# FAILED: %s\n", r->failure);
	printf("%-24s %8s %12s %12s %12s %12s %14s\n", "row", "n", "min",
	       "p50", "p95", "max", "cost");
	for (size_t i = 0; i < r->rows; i++) {
		struct result_row *row = &r->row[i];

		if (row->skipped)
			printf("%-24s %s\n", row->name, row->skipped);
		else
			printf("%-24s %8llu %12llu %12llu %12llu %12llu "
			       "%14llu\n", row->name,
			       (unsigned long long)row->n,
			       (unsigned long long)row->min,
			       (unsigned long long)row->p50,
			       (unsigned long long)row->p95,
			       (unsigned long long)row->max,
			       (unsigned long long)row->cost);
		if (o->functions)
			functions_print(row);
	}
}

int cmd_list(int argc, char **argv)
{
	struct options o = { 0 };
	int status = options_take(&syntax, argc, argv, &o);

	for (size_t i = 0; !status && i < o.count; i++) {
		struct result r;

		status = result_load(&r, o.path[i]);
		if (!status)
			result_show(&o, o.path[i], &r);
		result_release(&r);
	}
	free(o.path);
	return status;
}
