/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads exit-bench's console.
 */
#include "exit-analyzer/measure/suite_output.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "exit-analyzer/judge/permutation.h"

#define NAME_BYTES_MAX 64

struct parsing {
	struct result *result;
	size_t line, rows;
	bool ended;
	char *why;
	size_t bytes;
};

static int wrong(struct parsing *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static int wrong(struct parsing *p, const char *fmt, ...)
{
	va_list args;
	int n = snprintf(p->why, p->bytes, "line %zu of the guest's console: ",
			 p->line);

	va_start(args, fmt);
	vsnprintf(p->why + n, p->bytes - (size_t)n, fmt, args);
	va_end(args);
	return -EBADMSG;
}

/* Where it runs: part of what results must agree on. */
static int suite_line(struct parsing *p, const json_t *line)
{
	struct result_facts *machine = &p->result->machine;
	const char *suite, *vendor, *cpu, *hypervisor, *asked = NULL;
	int version, signature, err;

	if (json_unpack((json_t *)line, "{s:s, s:i, s:s, s:s, s:i, s:s, s?s}",
			"suite", &suite, "version", &version, "vendor",
			&vendor, "cpu", &cpu, "signature", &signature,
			"hypervisor", &hypervisor, "asked", &asked))
		return wrong(p, "the suite's first line is not complete");
	err = result_fact_set(machine, "suite", "%s %d", suite, version);
	if (!err)
		err = result_fact_set(machine, "cpu", "%s, %s, signature 0x%x",
				      vendor, cpu, (unsigned int)signature);
	if (!err)
		err = result_fact_set(machine, "hypervisor", "%s",
				      *hypervisor ? hypervisor : "none");
	if (!err && asked)
		err = result_fact_set(&p->result->recorded, RESULT_ASKED, "%s",
				      asked);
	return err;
}

static uint64_t figure(const json_t *line, const char *name, bool *bad)
{
	const json_t *value = json_object_get(line, name);
	json_int_t n = json_integer_value(value);

	if (!json_is_integer(value) || n < 0 ||
	    n > (json_int_t)RESULT_FIGURE_MAX)
		*bad = true;
	return (uint64_t)n;
}

/* A further round: extremes of all of them, the median that of the quietest;
 * the cost is for the close. */
static int row_merge(struct result_row *row, const struct result_row *one)
{
	bool first = !row->rounds;

	row->n += one->n;
	row->min = first || one->min < row->min ? one->min : row->min;
	row->max = first || one->max > row->max ? one->max : row->max;
	row->p50 = first || one->p50 < row->p50 ? one->p50 : row->p50;
	row->p95 = first || one->p95 > row->p95 ? one->p95 : row->p95;
	return result_row_round(row, one->cost);
}

static int row_line(struct parsing *p, const json_t *line)
{
	const char *name = json_string_value(json_object_get(line, "row"));
	const json_t *skipped = json_object_get(line, "skipped");
	struct result_row one = { 0 }, *row;
	bool bad = false;

	if (!name || !*name || strlen(name) > NAME_BYTES_MAX)
		return wrong(p, "a row without a name");
	row = result_row_find(p->result, name);
	if (!row && p->result->rows >= RESULT_ROWS_MAX)
		return wrong(p, "too many rows");
	if (!row)
		row = result_row_add(p->result, name);
	if (!row)
		return -ENOMEM;
	p->rows++;
	if (json_is_string(skipped)) {
		free(row->skipped);
		row->skipped = strdup(json_string_value(skipped));
		return row->skipped ? 0 : -ENOMEM;
	}
	one.n = figure(line, "n", &bad);
	one.min = figure(line, "min", &bad);
	one.p50 = figure(line, "p50", &bad);
	one.p95 = figure(line, "p95", &bad);
	one.max = figure(line, "max", &bad);
	one.cost = figure(line, "net", &bad);
	if (bad || !one.n)
		return wrong(p, "row %s lacks a figure", name);
	return row_merge(row, &one);
}

static int end_line(struct parsing *p, const json_t *line)
{
	const json_t *rows = json_object_get(line, "rows");

	if (json_integer_value(rows) != (json_int_t)p->rows)
		return wrong(p, "the suite says it has %lld rows, but %zu were "
			     "seen", (long long)json_integer_value(rows),
			     p->rows);
	p->ended = true;
	return 0;
}

static int line_parse(struct parsing *p, const char *text, size_t bytes)
{
	json_error_t bad;
	json_t *line;
	int err;

	if (!bytes || text[0] != '{')
		return 0;
	line = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &bad);
	if (!line)
		return wrong(p, "%s", bad.text);
	if (json_object_get(line, "suite"))
		err = suite_line(p, line);
	else if (json_object_get(line, "row"))
		err = row_line(p, line);
	else if (json_object_get(line, "end"))
		err = end_line(p, line);
	else
		err = wrong(p, "an object that is neither suite, row nor end");
	json_decref(line);
	return err;
}

int suite_output_parse(struct result *r, const char *text, char *why,
		       size_t bytes)
{
	struct parsing p = { .result = r, .why = why, .bytes = bytes };
	int err = 0;

	while (!err && *text) {
		size_t length = strcspn(text, "\n");
		bool whole = text[length];

		p.line++;
		/* the guest died while it wrote this line */
		if (!whole)
			break;
		err = line_parse(&p, text, length);
		text += length + 1;
	}
	if (err || p.ended)
		return err;
	snprintf(why, bytes, "the suite did not come to its end: %zu rows were "
		 "seen", p.rows);
	return -ENODATA;
}

static int rounds_fill(struct result_row *row, size_t rounds)
{
	while (!row->skipped && row->rounds < rounds)
		if (result_row_round(row, 0))
			return -ENOMEM;
	return 0;
}

int suite_rounds_close(struct result *r, size_t rounds)
{
	uint64_t sorted[RESULT_ROUNDS_MAX];

	for (size_t i = 0; i < r->rows; i++) {
		struct result_row *row = &r->row[i];

		if (rounds_fill(row, rounds))
			return -ENOMEM;
		if (row->skipped || row->rounds > RESULT_ROUNDS_MAX)
			continue;
		memcpy(sorted, row->round, row->rounds * sizeof(*sorted));
		row->cost = median_of(sorted, row->rounds);
		if (row->rounds > 1)
			continue;
		/* one round says nothing that cost does not */
		free(row->round);
		row->round = NULL;
		row->rounds = 0;
	}
	return 0;
}
