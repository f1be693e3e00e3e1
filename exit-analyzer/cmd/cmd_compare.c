/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-analyzer compare: results side by side, also of different machines
 * and hypervisors. Shows; check judges.
 */
#include "exit-analyzer/cmd/cmd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command/options.h"
#include "exit-analyzer/cmd/result_load.h"
#include "exit-analyzer/judge/share.h"

#define RESULTS_MAX 16
#define NAME_WIDTH 24
#define COLUMN_WIDTH 14

struct options {
	const char *path[RESULTS_MAX];
	struct result result[RESULTS_MAX];
	size_t count;
};

static error_t take(void *options, char *arg, const struct argp_state *state)
{
	struct options *o = options;

	(void)state;
	if (o->count == RESULTS_MAX)
		return EINVAL;
	o->path[o->count++] = arg;
	return 0;
}

#define WANTED "give 2 to 16 results"
_Static_assert(RESULTS_MAX == 16, "said above");

static const char *conflict(void *options)
{
	const struct options *o = options;

	return o->count >= 2 ? NULL : WANTED;
}

static const struct option_row option_rows[] = { { 0 } };

static const struct command_syntax syntax = {
	.option = option_rows,
	.arguments = "RESULT RESULT...",
	.argument_offer = OFFER_FILES,
	.purpose = "Shows what each row costs in several results, and how "
		   "that relates to the first one.",
	.take = take,
	.wanted = WANTED,
	.conflict = conflict,
};

/* Does an earlier result have this row, so that it has been shown? */
static bool shown(const struct options *o, size_t result, const char *name)
{
	for (size_t i = 0; i < result; i++)
		if (result_row_find(&o->result[i], name))
			return true;
	return false;
}

static const struct result_row *figures(const struct result *r,
					const char *name)
{
	const struct result_row *row = result_row_find(r, name);

	return row && !row->skipped ? row : NULL;
}

static void row_print(const struct options *o, const char *name)
{
	const struct result_row *first = figures(&o->result[0], name);

	printf("%-*s", NAME_WIDTH, name);
	for (size_t i = 0; i < o->count; i++) {
		const struct result_row *row = figures(&o->result[i], name);

		if (row)
			printf(" %*llu", COLUMN_WIDTH,
			       (unsigned long long)row->cost);
		else
			printf(" %*s", COLUMN_WIDTH, "-");
		if (!i)
			continue;
		if (row && first && first->cost)
			printf(" %8.2fx", (double)row->cost /
			       (double)first->cost);
		else
			printf(" %9s", "");
	}
	putchar('\n');
	/* of two: what made the difference */
	if (o->count == 2)
		shares_print(stdout, 2, &o->result[0], &o->result[1], name);
}

static void head_print(const struct options *o)
{
	for (size_t i = 0; i < o->count; i++) {
		const struct result_facts *f = &o->result[i].machine;
		const char *emulator = result_fact(f, "emulator");
		const char *hypervisor = result_fact(f, "hypervisor");

		printf("%c: %s (%s, %s, %s)%s\n", (char)('A' + i), o->path[i],
		       hypervisor ? hypervisor : "own guest",
		       emulator ? emulator : "emulator unknown",
		       result_unit(&o->result[i]),
		       o->result[i].failure ? " of a run that failed" : "");
	}
	printf("\n%-*s", NAME_WIDTH, "cost");
	for (size_t i = 0; i < o->count; i++)
		printf(i ? " %*c %9s" : " %*c%s", COLUMN_WIDTH, (char)('A' + i),
		       i ? "to A" : "");
	putchar('\n');
}

static void results_print(const struct options *o)
{
	head_print(o);
	for (size_t i = 0; i < o->count; i++)
		for (size_t j = 0; j < o->result[i].rows; j++)
			if (!shown(o, i, o->result[i].row[j].name))
				row_print(o, o->result[i].row[j].name);
}

int cmd_compare(int argc, char **argv)
{
	struct options *o = calloc(1, sizeof(*o));
	int status = CMD_DONE;

	if (!o) {
		cmd_error("out of memory");
		return CMD_ERROR;
	}
	if (options_take(&syntax, argc, argv, o)) {
		free(o);
		return CMD_USAGE;
	}
	for (size_t i = 0; status == CMD_DONE && i < o->count; i++) {
		status = result_load(&o->result[i], o->path[i]);
		result_sort(&o->result[i]);
	}
	if (status == CMD_DONE)
		results_print(o);
	for (size_t i = 0; i < o->count; i++)
		result_release(&o->result[i]);
	free(o);
	return status;
}
