/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two rows, function by function.
 */
#include "exit-analyzer/judge/share.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "exit-analyzer/judge/judgement.h"

#define NAME_WIDTH 32

static int share_add(struct shares *s, const char *name, uint64_t old,
		     uint64_t new, bool exits)
{
	struct share *more;

	s->known = true;
	if (old == new)
		return 0;
	more = reallocarray(s->share, s->count + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	s->share = more;
	more[s->count++] = (struct share){ name, old, new, exits };
	return 0;
}

/* Both are sorted by name. */
static int functions_pair(struct shares *s, const struct result_row *old,
			  const struct result_row *new)
{
	size_t i = 0, j = 0;
	int err = 0;

	while (!err && (i < old->functions || j < new->functions)) {
		const struct result_function *a = &old->function[i];
		const struct result_function *b = &new->function[j];
		int order = i == old->functions ? 1 : j == new->functions ? -1 :
			    strcmp(a->name, b->name);

		err = share_add(s, order <= 0 ? a->name : b->name,
				order <= 0 ? a->instructions : 0,
				order >= 0 ? b->instructions : 0, false);
		i += order <= 0;
		j += order >= 0;
	}
	return err;
}

/* The next row from *at on that is a part of this one; NULL: no more. */
static const struct result_row *part_next(const struct result *r, size_t *at,
					  const char *name)
{
	size_t length = strlen(name);

	for (; *at < r->rows; ++*at) {
		const struct result_row *row = &r->row[*at];

		if (!row->skipped && !strncmp(row->name, name, length) &&
		    row->name[length] == ',')
			return row;
	}
	return NULL;
}

/* A traced guest's: row "cpuid" is the sum of rows "cpuid,FUNCTION". */
static int parts_pair(struct shares *s, const struct result *old,
		      const struct result *new, const char *name)
{
	const struct result_row *a, *b;
	size_t i = 0, j = 0;
	int err = 0;

	while (!err) {
		int order;

		a = part_next(old, &i, name);
		b = part_next(new, &j, name);
		if (!a && !b)
			break;
		order = !a ? 1 : !b ? -1 : strcmp(a->name, b->name);
		err = share_add(s, (order <= 0 ? a : b)->name + strlen(name) + 1,
				order <= 0 ? a->cost : 0,
				order >= 0 ? b->cost : 0, true);
		i += order <= 0;
		j += order >= 0;
	}
	return err;
}

static int grown_first(const void *a, const void *b)
{
	const struct share *x = a, *y = b;
	int64_t x_grew = (int64_t)(x->new - x->old);
	int64_t y_grew = (int64_t)(y->new - y->old);

	if (x->exits != y->exits)
		return x->exits ? 1 : -1;
	if (x_grew != y_grew)
		return x_grew > y_grew ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int shrunk_first(const void *a, const void *b)
{
	const struct share *x = a, *y = b;

	return x->exits == y->exits ? grown_first(b, a) : grown_first(a, b);
}

int shares_of_row(struct shares *s, const struct result *old,
		  const struct result *new, const char *name)
{
	const struct result_row *a = result_row_find(old, name);
	const struct result_row *b = result_row_find(new, name);
	int err = 0;

	*s = (struct shares){ 0 };
	if (!a || !b || a->skipped || b->skipped)
		return 0;
	if (a->functions && b->functions)
		err = functions_pair(s, a, b);
	if (!err)
		err = parts_pair(s, old, new, name);
	if (s->count)
		qsort(s->share, s->count, sizeof(*s->share),
		      b->cost < a->cost ? shrunk_first : grown_first);
	if (err)
		shares_release(s);
	return err;
}

void shares_release(struct shares *s)
{
	free(s->share);
	*s = (struct shares){ 0 };
}

void share_name(const struct share *s, char name[SHARE_NAME_BYTES])
{
	snprintf(name, SHARE_NAME_BYTES, "%s%s", s->exits ? "guest:" : "",
		 s->name);
}

size_t shares_alike(const struct shares *s, size_t from)
{
	size_t to = from;

	while (to < s->count && s->share[to].exits == s->share[from].exits)
		to++;
	return to - from;
}

static void alike_write(FILE *to, const struct share *share, size_t count)
{
	char name[SHARE_NAME_BYTES];

	for (size_t i = 0; i < count && i < SHARES_SHOWN; i++) {
		share_name(&share[i], name);
		fprintf(to, "%+8lld  %-*s  %llu -> %llu\n",
			(long long)(share[i].new - share[i].old), NAME_WIDTH,
			name, (unsigned long long)share[i].old,
			(unsigned long long)share[i].new);
	}
	if (count > SHARES_SHOWN)
		fprintf(to, "%10zu more changed\n", count - SHARES_SHOWN);
}

char *shares_text(const struct result *old, const struct result *new,
		  const char *name)
{
	char *text = NULL;
	struct shares s;
	size_t bytes;
	FILE *to;

	if (shares_of_row(&s, old, new, name) || !s.count)
		return NULL;
	to = open_memstream(&text, &bytes);
	for (size_t i = 0; to && i < s.count; i += shares_alike(&s, i))
		alike_write(to, &s.share[i], shares_alike(&s, i));
	shares_release(&s);
	if (!to || fclose(to)) {
		free(text);
		return NULL;
	}
	return text;
}

void shares_print(FILE *to, int indent, const struct result *old,
		  const struct result *new, const char *name)
{
	char *text = shares_text(old, new, name);

	for (char *line = text; line && *line;) {
		int length = (int)strcspn(line, "\n");

		fprintf(to, "%*s%.*s\n", indent, "", length, line);
		line += length + 1;
	}
	free(text);
}

const char *shares_missing(const struct verdict *v)
{
	bool changed = false, known = false;

	for (size_t i = 0; i < v->rows; i++) {
		const struct verdict_row *r = &v->row[i];
		struct shares s;

		if (r->kind == VERDICT_SAME || !r->old || !r->new)
			continue;
		changed = true;
		if (shares_of_row(&s, v->old, v->new, r->name))
			continue;
		known |= s.known;
		shares_release(&s);
	}
	if (!changed || known)
		return NULL;
	return v->judgement->no_functions;
}
