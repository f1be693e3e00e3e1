/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A result as text: JSON that a person reads line by line.
 */
#include "exit-analyzer/result/result.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void text_print(FILE *to, const char *text)
{
	json_t *s = json_string(text);
	char *quoted;

	/* JSON cannot say bytes that are not UTF-8 */
	if (!s)
		s = json_string("?");
	quoted = s ? json_dumps(s, JSON_ENCODE_ANY) : NULL;
	fputs(quoted ? quoted : "\"?\"", to);
	free(quoted);
	json_decref(s);
}

static void facts_print(FILE *to, const char *name,
			const struct result_facts *facts)
{
	fprintf(to, "  \"%s\": {", name);
	for (size_t i = 0; i < facts->count; i++) {
		fputs(i ? ",\n    " : "\n    ", to);
		text_print(to, facts->fact[i].name);
		fputs(": ", to);
		text_print(to, facts->fact[i].value);
	}
	fputs("\n  },\n", to);
}

static void figure_print(FILE *to, const char *name, uint64_t value)
{
	fprintf(to, ", \"%s\": %llu", name, (unsigned long long)value);
}

/* A line each: a diff of two baselines then shows what moved. */
static void functions_print(FILE *to, const struct result_row *row)
{
	fputs(", \"functions\": {", to);
	for (size_t i = 0; i < row->functions; i++) {
		fputs(i ? ",\n      " : "\n      ", to);
		text_print(to, row->function[i].name);
		fprintf(to, ": %llu",
			(unsigned long long)row->function[i].instructions);
	}
	fputs("\n    }", to);
}

static void row_print(FILE *to, const struct result_row *row)
{
	fputs("    {\"row\": ", to);
	text_print(to, row->name);
	if (row->skipped) {
		fputs(", \"skipped\": ", to);
		text_print(to, row->skipped);
		fputc('}', to);
		return;
	}
	figure_print(to, "n", row->n);
	figure_print(to, "min_ticks", row->min);
	figure_print(to, "p50_ticks", row->p50);
	figure_print(to, "p95_ticks", row->p95);
	figure_print(to, "max_ticks", row->max);
	figure_print(to, "cost_ticks", row->cost);
	for (size_t i = 0; i < row->rounds; i++)
		fprintf(to, "%s%llu", i ? ", " : ", \"round_cost_ticks\": [",
			(unsigned long long)row->round[i]);
	if (row->rounds)
		fputc(']', to);
	if (row->functions)
		functions_print(to, row);
	fputc('}', to);
}

int result_print(FILE *to, struct result *r)
{
	result_sort(r);
	fprintf(to, "{\n  \"format\": \"%s\",\n", RESULT_FORMAT);
	if (r->failure) {
		fputs("  \"failure\": ", to);
		text_print(to, r->failure);
		fputs(",\n", to);
	}
	facts_print(to, "machine", &r->machine);
	facts_print(to, "recorded", &r->recorded);
	fputs("  \"rows\": [", to);
	for (size_t i = 0; i < r->rows; i++) {
		fputs(i ? ",\n" : "\n", to);
		row_print(to, &r->row[i]);
	}
	fputs("\n  ]\n}\n", to);
	return ferror(to) ? -EIO : 0;
}

static int result_write_to(struct result *r, const char *path)
{
	FILE *to = fopen(path, "we");
	int err;

	if (!to)
		return -errno;
	err = result_print(to, r);
	if (fclose(to) && !err)
		err = -errno;
	return err;
}

/* Beside it first: nobody ever sees half a baseline. */
int result_write(struct result *r, const char *path)
{
	char *beside = NULL;
	struct stat st;
	int err;

	if (!strcmp(path, "-"))
		return result_print(stdout, r);
	/* a device or a pipe must stay what it is */
	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return result_write_to(r, path);
	if (asprintf(&beside, "%s.%d", path, (int)getpid()) < 0)
		return -ENOMEM;
	err = result_write_to(r, beside);
	if (!err && rename(beside, path))
		err = -errno;
	if (err)
		unlink(beside);
	free(beside);
	return err;
}
