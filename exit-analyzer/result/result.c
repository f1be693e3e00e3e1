/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A result in memory.
 */
#include "exit-analyzer/result/result.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void facts_release(struct result_facts *facts)
{
	for (size_t i = 0; i < facts->count; i++) {
		free(facts->fact[i].name);
		free(facts->fact[i].value);
	}
	free(facts->fact);
	*facts = (struct result_facts){ 0 };
}

void result_row_functions_clear(struct result_row *row)
{
	for (size_t i = 0; i < row->functions; i++)
		free(row->function[i].name);
	free(row->function);
	row->function = NULL;
	row->functions = 0;
}

void result_release(struct result *r)
{
	facts_release(&r->machine);
	facts_release(&r->recorded);
	for (size_t i = 0; i < r->rows; i++) {
		free(r->row[i].name);
		free(r->row[i].skipped);
		free(r->row[i].round);
		result_row_functions_clear(&r->row[i]);
	}
	free(r->row);
	free(r->failure);
	*r = (struct result){ 0 };
}

static struct result_fact *fact_find(const struct result_facts *facts,
				     const char *name)
{
	for (size_t i = 0; i < facts->count; i++)
		if (!strcmp(facts->fact[i].name, name))
			return &facts->fact[i];
	return NULL;
}

static struct result_fact *fact_add(struct result_facts *facts,
				    const char *name)
{
	struct result_fact *more = realloc(facts->fact, (facts->count + 1) *
					   sizeof(*more));
	char *copy = strdup(name);

	if (more)
		facts->fact = more;
	if (!more || !copy) {
		free(copy);
		return NULL;
	}
	more[facts->count] = (struct result_fact){ .name = copy };
	return &more[facts->count++];
}

int result_fact_set(struct result_facts *facts, const char *name,
		    const char *fmt, ...)
{
	struct result_fact *fact = fact_find(facts, name);
	va_list args;
	char *value;
	int n;

	va_start(args, fmt);
	n = vasprintf(&value, fmt, args);
	va_end(args);
	if (n < 0)
		return -ENOMEM;
	if (!fact)
		fact = fact_add(facts, name);
	if (!fact) {
		free(value);
		return -ENOMEM;
	}
	free(fact->value);
	fact->value = value;
	return 0;
}

const char *result_fact(const struct result_facts *facts, const char *name)
{
	const struct result_fact *fact = fact_find(facts, name);

	return fact ? fact->value : NULL;
}

struct result_row *result_row_add(struct result *r, const char *name)
{
	struct result_row *more = reallocarray(r->row, r->rows + 1,
					       sizeof(*more));
	char *copy = strdup(name);

	if (more)
		r->row = more;
	if (!more || !copy) {
		free(copy);
		return NULL;
	}
	more[r->rows] = (struct result_row){ .name = copy };
	return &more[r->rows++];
}

struct result_row *result_row_find(const struct result *r, const char *name)
{
	for (size_t i = 0; i < r->rows; i++)
		if (!strcmp(r->row[i].name, name))
			return &r->row[i];
	return NULL;
}

bool result_row_asked(const struct result *r, const char *name)
{
	const char *asked = result_fact(&r->recorded, RESULT_ASKED);
	size_t bytes = strlen(name);

	if (!asked)
		return true;
	for (; *asked; asked += strcspn(asked, ","), asked += *asked == ',')
		if (strcspn(asked, ",") == bytes &&
		    !strncmp(asked, name, bytes))
			return true;
	return false;
}

int result_row_round(struct result_row *row, uint64_t cost)
{
	uint64_t *more = reallocarray(row->round, row->rounds + 1,
				      sizeof(*more));

	if (!more)
		return -ENOMEM;
	row->round = more;
	more[row->rounds++] = cost;
	return 0;
}

int result_row_function(struct result_row *row, const char *name,
			uint64_t instructions)
{
	struct result_function *more;
	char *copy;

	for (size_t i = 0; i < row->functions; i++) {
		if (strcmp(row->function[i].name, name))
			continue;
		row->function[i].instructions += instructions;
		return 0;
	}
	more = reallocarray(row->function, row->functions + 1, sizeof(*more));
	copy = strdup(name);
	if (more)
		row->function = more;
	if (!more || !copy) {
		free(copy);
		return -ENOMEM;
	}
	more[row->functions++] = (struct result_function){
		.name = copy, .instructions = instructions,
	};
	return 0;
}

static int fact_order(const void *a, const void *b)
{
	return strcmp(((const struct result_fact *)a)->name,
		      ((const struct result_fact *)b)->name);
}

static int function_order(const void *a, const void *b)
{
	return strcmp(((const struct result_function *)a)->name,
		      ((const struct result_function *)b)->name);
}

static int row_order(const void *a, const void *b)
{
	return strcmp(((const struct result_row *)a)->name,
		      ((const struct result_row *)b)->name);
}

void result_sort(struct result *r)
{
	if (r->machine.count)
		qsort(r->machine.fact, r->machine.count,
		      sizeof(*r->machine.fact), fact_order);
	if (r->recorded.count)
		qsort(r->recorded.fact, r->recorded.count,
		      sizeof(*r->recorded.fact), fact_order);
	if (r->rows)
		qsort(r->row, r->rows, sizeof(*r->row), row_order);
	for (size_t i = 0; i < r->rows; i++)
		if (r->row[i].functions)
			qsort(r->row[i].function, r->row[i].functions,
			      sizeof(*r->row[i].function), function_order);
}

const char *result_fault(const struct result *r)
{
	if (r->failure)
		return r->failure;
	return r->rows ? NULL : "it has no rows";
}

bool result_deterministic(const struct result *r)
{
	const char *value = result_fact(&r->machine, "deterministic");

	return value && !strcmp(value, "yes");
}

const char *result_unit(const struct result *r)
{
	return result_deterministic(r) ? "instructions" : "ticks";
}
