/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows of a summary in an order that depends on nothing but them.
 */
#include "exit-analyzer/stats/summary_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int text_compare(const char *a, const char *b)
{
	if (!a || !b)
		return !a - !b;		/* what has a name comes first */
	return strcmp(a, b);
}

static int number_compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int exit_compare(const void *a, const void *b, void *summary)
{
	const struct summary_row *x = *(const struct summary_row *const *)a;
	const struct summary_row *y = *(const struct summary_row *const *)b;
	const struct summary *s = summary;
	int order = number_compare(y->handle.sum, x->handle.sum);

	for (size_t i = 0; !order && i < s->keys; i++)
		order = text_compare(x->key[i].text, y->key[i].text) ?:
			text_compare(x->key[i].module, y->key[i].module) ?:
			number_compare(x->key[i].number, y->key[i].number);
	return order;
}

static int tlb_compare(const void *a, const void *b)
{
	const struct summary_tlb_row *x = a, *y = b;

	return number_compare(y->count, x->count) ?:
	       number_compare(x->cause, y->cause) ?:
	       number_compare(x->vm, y->vm) ?:
	       number_compare(x->asid, y->asid) ?:
	       number_compare(x->scope, y->scope) ?:
	       number_compare(x->guest, y->guest);
}

static int hypercall_compare(const void *a, const void *b)
{
	const struct summary_hypercall_row *x = a, *y = b;

	return number_compare(y->cycles.sum, x->cycles.sum) ?:
	       number_compare(x->number, y->number) ?:
	       number_compare(x->vm, y->vm);
}

const struct summary_row *const *summary_rows(struct summary *s, size_t *count)
{
	size_t rows = s->exit_table.rows;
	const struct summary_row **sorted;
	int err = summary_settle(s);

	if (err) {
		errno = -err;
		return NULL;
	}
	sorted = reallocarray(s->sorted_exit, rows + 1, sizeof(*sorted));
	if (!sorted)
		return NULL;
	s->sorted_exit = sorted;
	for (size_t i = 0; i < rows; i++)
		sorted[i] = &s->exit[i];
	qsort_r(sorted, rows, sizeof(*sorted), exit_compare, s);
	*count = rows;
	return sorted;
}

const struct summary_tlb_row *summary_tlb_rows(struct summary *s, size_t *count)
{
	size_t rows = s->tlb_table.rows;
	struct summary_tlb_row *sorted;

	sorted = reallocarray(s->sorted_tlb, rows + 1, sizeof(*sorted));
	if (!sorted)
		return NULL;
	s->sorted_tlb = sorted;
	if (rows)
		memcpy(sorted, s->tlb, rows * sizeof(*sorted));
	qsort(sorted, rows, sizeof(*sorted), tlb_compare);
	*count = rows;
	return sorted;
}

/* The copies share the pages of the histograms, and own none. */
const struct summary_hypercall_row *summary_hypercall_rows(struct summary *s,
							   size_t *count)
{
	size_t rows = s->hypercall_table.rows;
	struct summary_hypercall_row *sorted;

	sorted = reallocarray(s->sorted_hypercall, rows + 1, sizeof(*sorted));
	if (!sorted)
		return NULL;
	s->sorted_hypercall = sorted;
	if (rows)
		memcpy(sorted, s->hypercall, rows * sizeof(*sorted));
	qsort(sorted, rows, sizeof(*sorted), hypercall_compare);
	*count = rows;
	return sorted;
}
