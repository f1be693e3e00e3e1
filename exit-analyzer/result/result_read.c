/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads a result from its text. The text may be anyone's: errors name file
 * and line.
 */
#include "exit-analyzer/result/result.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "exit-analyzer/result/text_read.h"

#define FILE_BYTES_MAX (64u << 20)

struct reading {
	struct result *result;
	const char *text, *name;
	char *why;
	size_t bytes;
};

static int wrong(struct reading *in, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int wrong(struct reading *in, int line, const char *fmt, ...)
{
	va_list args;
	int n = snprintf(in->why, in->bytes, "%s:%d: ", in->name, line);

	if (n < 0 || (size_t)n >= in->bytes)
		return -EBADMSG;
	va_start(args, fmt);
	vsnprintf(in->why + n, in->bytes - (size_t)n, fmt, args);
	va_end(args);
	return -EBADMSG;
}

/* Returns the line of the nth place where the text has this; 1: none. */
static int line_of(const struct reading *in, const char *what, size_t nth)
{
	const char *at = in->text;
	int line = 1;

	do {
		at = strstr(at, what);
		if (!at)
			return 1;
		at++;
	} while (nth--);
	for (const char *c = in->text; c < at; c++)
		line += *c == '\n';
	return line;
}

static int row_wrong(struct reading *in, size_t row, const char *name,
		     const char *what)
{
	return wrong(in, line_of(in, "\"row\"", row), "row %s%s%s: %s",
		     name ? "'" : "", name ? name : "without a name",
		     name ? "'" : "", what);
}

static int facts_read(struct reading *in, const json_t *root,
		      const char *name, struct result_facts *facts)
{
	json_t *object = json_object_get(root, name), *value;
	char quoted[64];
	const char *key;

	snprintf(quoted, sizeof(quoted), "\"%s\"", name);
	if (!json_is_object(object))
		return wrong(in, line_of(in, quoted, 0),
			     "\"%s\" must be an object of facts", name);
	json_object_foreach(object, key, value) {
		snprintf(quoted, sizeof(quoted), "\"%s\"", key);
		if (!json_is_string(value))
			return wrong(in, line_of(in, quoted, 0),
				     "fact %s must be a text", quoted);
		if (result_fact_set(facts, key, "%s", json_string_value(value)))
			return -ENOMEM;
	}
	return 0;
}

static bool number_read(const json_t *value, uint64_t *to)
{
	json_int_t n = json_integer_value(value);

	*to = (uint64_t)n;
	return json_is_integer(value) && n >= 0 &&
		n <= (json_int_t)RESULT_FIGURE_MAX;
}

static int rounds_read(struct reading *in, const json_t *value, size_t at,
		       struct result_row *row)
{
	uint64_t cost;

	if (!value)
		return 0;
	if (!json_is_array(value) ||
	    json_array_size(value) > RESULT_ROUNDS_MAX)
		return row_wrong(in, at, row->name,
				 "round_cost_ticks must be a list of numbers");
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (!number_read(json_array_get(value, i), &cost))
			return row_wrong(in, at, row->name,
					 "round_cost_ticks must have whole "
					 "numbers only");
		if (result_row_round(row, cost))
			return -ENOMEM;
	}
	return 0;
}

static int functions_read(struct reading *in, const json_t *from, size_t at,
			  struct result_row *row)
{
	json_t *value;
	const char *name;
	uint64_t n;

	if (!from)
		return 0;
	if (!json_is_object(from) ||
	    json_object_size(from) > RESULT_FUNCTIONS_MAX)
		return row_wrong(in, at, row->name,
				 "\"functions\" must be an object of functions");
	json_object_foreach((json_t *)from, name, value) {
		if (!number_read(value, &n))
			return row_wrong(in, at, row->name,
					 "\"functions\" must have whole numbers "
					 "only");
		if (result_row_function(row, name, n))
			return -ENOMEM;
	}
	return 0;
}

static int figures_read(struct reading *in, const json_t *from, size_t at,
			struct result_row *row)
{
	const struct {
		const char *name;
		uint64_t *to;
	} figures[] = {
		{ "n", &row->n }, { "min_ticks", &row->min },
		{ "p50_ticks", &row->p50 }, { "p95_ticks", &row->p95 },
		{ "max_ticks", &row->max }, { "cost_ticks", &row->cost },
	};
	char what[64];
	int err;

	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		if (number_read(json_object_get(from, figures[i].name),
				figures[i].to))
			continue;
		snprintf(what, sizeof(what), "%s must be a whole number "
			 "up to 2^53",
			 figures[i].name);
		return row_wrong(in, at, row->name, what);
	}
	err = rounds_read(in, json_object_get(from, "round_cost_ticks"), at,
			  row);
	return err ? err : functions_read(in, json_object_get(from,
					  "functions"), at, row);
}

static int row_read(struct reading *in, const json_t *from, size_t at)
{
	const char *name = json_string_value(json_object_get(from, "row"));
	const json_t *skipped = json_object_get(from, "skipped");
	struct result_row *row;

	if (!name || !*name)
		return row_wrong(in, at, NULL, "it has no \"row\"");
	if (result_row_find(in->result, name))
		return row_wrong(in, at, name, "it is there twice");
	row = result_row_add(in->result, name);
	if (!row)
		return -ENOMEM;
	if (!skipped)
		return figures_read(in, from, at, row);
	if (!json_is_string(skipped))
		return row_wrong(in, at, name, "\"skipped\" must be a text");
	row->skipped = strdup(json_string_value(skipped));
	return row->skipped ? 0 : -ENOMEM;
}

static int rows_read(struct reading *in, const json_t *root)
{
	const json_t *rows = json_object_get(root, "rows");
	int err = 0;

	if (!json_is_array(rows))
		return wrong(in, line_of(in, "\"rows\"", 0),
			     "\"rows\" must be a list");
	if (json_array_size(rows) > RESULT_ROWS_MAX)
		return wrong(in, line_of(in, "\"rows\"", 0),
			     "more than %d rows", RESULT_ROWS_MAX);
	for (size_t i = 0; !err && i < json_array_size(rows); i++)
		err = row_read(in, json_array_get(rows, i), i);
	return err;
}

static int root_read(struct reading *in, const json_t *root)
{
	const char *format = json_string_value(json_object_get(root, "format"));
	const char *failure =
		json_string_value(json_object_get(root, "failure"));
	int err;

	if (!format || strcmp(format, RESULT_FORMAT))
		return wrong(in, line_of(in, "\"format\"", 0), "not a result "
			     "of exit-analyzer: \"format\" is not "
			     "\"" RESULT_FORMAT "\"");
	if (failure) {
		in->result->failure = strdup(failure);
		if (!in->result->failure)
			return -ENOMEM;
	}
	err = facts_read(in, root, "machine", &in->result->machine);
	if (!err)
		err = facts_read(in, root, "recorded", &in->result->recorded);
	return err ? err : rows_read(in, root);
}

int result_parse(struct result *r, const char *text, const char *name,
		 char *why, size_t bytes)
{
	struct reading in = { .result = r, .text = text, .name = name,
			      .why = why, .bytes = bytes };
	json_error_t bad;
	json_t *root;
	int err;

	*r = (struct result){ 0 };
	root = json_loads(text, JSON_REJECT_DUPLICATES, &bad);
	if (!root)
		return wrong(&in, bad.line, "not JSON: %s", bad.text);
	err = root_read(&in, root);
	json_decref(root);
	if (err == -ENOMEM)
		snprintf(why, bytes, "%s: out of memory", name);
	if (err)
		result_release(r);
	return err;
}

/* Caller frees; NULL and errno. */
static char *file_text(const char *path)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "re") : stdin;
	size_t bytes;
	char *text = f ? text_read(f, FILE_BYTES_MAX, &bytes) : NULL;
	int err = errno;

	if (f && f != stdin)
		fclose(f);
	errno = err;
	return text;
}

int result_read(struct result *r, const char *path, char *why, size_t bytes)
{
	const char *name = strcmp(path, "-") ? path : "standard input";
	char *text = file_text(path);
	int err;

	*r = (struct result){ 0 };
	if (!text) {
		err = -errno;
		snprintf(why, bytes, "cannot read %s: %m", name);
		return err;
	}
	err = result_parse(r, text, name, why, bytes);
	free(text);
	return err;
}
