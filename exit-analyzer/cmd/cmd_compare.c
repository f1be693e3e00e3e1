/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-analyzer compare: results side by side, also of different machines
 * and hypervisors. Shows; check judges.
 */
#include "exit-analyzer/cmd/cmd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (o->count == RESULTS_MAX)
			break;
		o->path[o->count++] = arg;
		return 0;
	case ARGP_KEY_END:
		if (o->count >= 2)
			return 0;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	argp_error(state, "give 2 to %d results", RESULTS_MAX);
	return EINVAL;
}

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
	static const struct argp argp = {
		.parser = parse,
		.args_doc = "RESULT RESULT...",
		.doc = "Shows what each row costs in several results, and how "
		       "that relates to the first one.",
	};
	struct options *o = calloc(1, sizeof(*o));
	int status = CMD_DONE;

	if (!o) {
		cmd_error("out of memory");
		return CMD_ERROR;
	}
	if (cmd_parse(&argp, argc, argv, o)) {
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
