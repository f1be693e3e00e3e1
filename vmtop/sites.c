/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sites are kept from interval to interval, since a guest exits at the same
 * places; a guest that exits everywhere makes them start anew.
 */
#include "vmtop/sites.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define SITES_NO_ROW	UINT32_MAX
#define SITES_BITS	13	/* at first */
/* more than that are forgotten when the interval is over ... */
#define SITES_KEPT	(1u << 15)
/* ... and of more than that only their sum is known */
#define SITES_MOST	(1u << 16)

_Static_assert(EXIT_REASONS <= 256 && ANCHOR_VCPUS_MAX <= 256, "SITE_TAG");
_Static_assert(sizeof(struct site) == 32, "two to a cache line");

static size_t sites_room(const struct sites *s)
{
	return (size_t)1 << s->bits;
}

static struct site *sites_alloc(unsigned int bits)
{
	size_t bytes = sizeof(struct site) << bits;
	struct site *site = aligned_alloc(64, bytes);

	return site ? memset(site, 0, bytes) : NULL;
}

static int tables_init(struct sites *s)
{
	s->bits = SITES_BITS;
	s->used = 0;
	s->site = sites_alloc(s->bits);
	/* without entropy the table is merely predictable */
	if (getrandom(s->seed, sizeof(s->seed), GRND_NONBLOCK) < 0)
		s->seed[0] = s->seed[1] = 0x9e3779b97f4a7c15;
	return s->site ? row_table_init(&s->row_table, 2) : -ENOMEM;
}

static void tables_exit(struct sites *s)
{
	row_table_exit(&s->row_table);
	free(s->site);
	free(s->row);
	s->site = NULL;
	s->row = NULL;
	s->rows_max = 0;
}

int sites_init(struct sites *s)
{
	static const struct symtab *const none[ANCHOR_VMS_MAX];

	memset(s, 0, sizeof(*s));
	s->symbols = symbol_index_new(none);
	if (s->symbols && !tables_init(s))
		return 0;
	sites_exit(s);
	return -ENOMEM;
}

void sites_exit(struct sites *s)
{
	tables_exit(s);
	symbol_index_free(s->symbols);
	s->symbols = NULL;
	tdestroy(s->names, free);
	s->names = NULL;
}

int sites_use_symbols(struct sites *s,
		      const struct symtab *const symtab[ANCHOR_VMS_MAX])
{
	struct symbol_index *symbols = symbol_index_new(symtab);
	struct row_table rows;

	if (!symbols || row_table_init(&rows, 2)) {
		symbol_index_free(symbols);
		return -ENOMEM;
	}
	symbol_index_free(s->symbols);
	s->symbols = symbols;
	/* every place gets its function anew, but keeps its counts */
	row_table_exit(&s->row_table);
	s->row_table = rows;
	for (size_t i = 0; i < sites_room(s); i++)
		s->site[i].row = SITES_NO_ROW;
	return 0;
}

/* Room for row `row`; new ones are zero. NULL: there is none. */
static void *rows_reserve(void *rows, size_t *max, size_t row, size_t bytes)
{
	size_t more = *max ? 2 * *max : 256;
	char *grown;

	if (row < *max)
		return rows;
	grown = reallocarray(rows, more, bytes);
	if (!grown)
		return NULL;
	memset(grown + *max * bytes, 0, (more - *max) * bytes);
	*max = more;
	return grown;
}

/* The place, or where it is to be put. */
static struct site *site_probe(struct sites *s, uint64_t rip, uint32_t tag)
{
	size_t mask = sites_room(s) - 1, i = sites_slot(s, rip, tag);

	while (s->site[i].tag && (s->site[i].tag != tag ||
				  s->site[i].rip != rip))
		i = (i + 1) & mask;
	return &s->site[i];
}

static int sites_grow(struct sites *s)
{
	struct site *old = s->site;
	size_t room = sites_room(s);

	s->site = sites_alloc(s->bits + 1);
	if (!s->site) {
		s->site = old;
		return -ENOMEM;
	}
	s->bits++;
	for (size_t i = 0; i < room; i++)
		if (old[i].tag)
			*site_probe(s, old[i].rip, old[i].tag) = old[i];
	free(old);
	return 0;
}

/* Of a place that is not where it hashes to, or was not seen before. */
static struct site *site_find(struct sites *s, uint64_t rip, uint32_t tag)
{
	struct site *site = site_probe(s, rip, tag);

	if (site->tag)
		return site;
	if (s->used >= SITES_MOST && SITE_TAG_KIND(tag) != SITE_OTHERS)
		return site_find(s, 0, (tag & ~0xfu) | SITE_OTHERS);
	if (4 * s->used >= sites_room(s)) {
		if (sites_grow(s))
			return NULL;
		site = site_probe(s, rip, tag);
	}
	*site = (struct site){ .rip = rip, .tag = tag, .row = SITES_NO_ROW };
	s->used++;
	return site;
}

static int name_compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Our own copy; NULL: out of memory. */
static const char *name_keep(struct sites *s, const char *name)
{
	char **found = tfind(name, &s->names, name_compare);
	char *copy;

	if (found)
		return *found;
	copy = strdup(name);
	if (copy && !tsearch(copy, &s->names, name_compare)) {
		free(copy);
		return NULL;
	}
	return copy;
}

/* Of rows that several places share, however they came to. */
static const char others[] = "[others]";

static int row_name(struct sites *s, struct snapshot_symbol *row,
		    uint32_t tag, size_t number, uint64_t rip)
{
	struct symbol_index_name name = { 0 };

	memset(row, 0, sizeof(*row));
	row->vm = SITE_TAG_VM(tag);
	row->vcpu = SITE_TAG_VCPU(tag);
	row->reason = SITE_TAG_REASON(tag);
	if (SITE_TAG_KIND(tag) == SITE_OTHERS) {
		row->name = others;
		return 0;
	}
	if (SITE_TAG_KIND(tag) == SITE_USER)
		name.name = "[user]";
	else if (number != SYMBOL_INDEX_UNKNOWN)
		name = symbol_index_name(s->symbols, number);
	else
		row->address = rip;
	row->name = name.name ? name_keep(s, name.name) : NULL;
	row->module = name.module ? name_keep(s, name.module) : NULL;
	return (name.name && !row->name) || (name.module && !row->module) ?
		-ENOMEM : 0;
}

/* Finds the row of a place. */
static int site_row(struct sites *s, struct site *site)
{
	uint32_t tag = site->tag;
	ssize_t number = SYMBOL_INDEX_UNKNOWN, row;
	/* a symbol's number is no kernel address, nor the other way round */
	uint64_t words[2] = { site->rip, tag };
	struct snapshot_symbol *grown;
	size_t rows = s->row_table.rows;

	if (SITE_TAG_KIND(tag) == SITE_KERNEL)
		number = symbol_index_find(s->symbols, SITE_TAG_VM(tag),
					   site->rip);
	if (number < 0)
		return number;
	if (number != SYMBOL_INDEX_UNKNOWN) {
		words[0] = number;
		words[1] |= 1ull << 32;
	}
	grown = rows_reserve(s->row, &s->rows_max, rows, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	s->row = grown;
	row = row_table_find(&s->row_table, words);
	if (row < 0)
		return row;
	site->row = row;
	return (size_t)row == rows ?
		row_name(s, &s->row[row], tag, number, site->rip) : 0;
}

static inline void site_count(struct site *site, uint32_t cycles)
{
	site->count++;
	site->cycles += cycles;
	if (cycles > site->max_cycles)
		site->max_cycles = cycles;
}

/* What a place counted goes to its row. */
static int site_settle(struct sites *s, struct site *site)
{
	int err = site->row == SITES_NO_ROW ? site_row(s, site) : 0;
	struct snapshot_symbol *row;

	if (err)
		return err;
	row = &s->row[site->row];
	row->count += site->count;
	row->cycles += site->cycles;
	if (site->max_cycles > row->max_cycles)
		row->max_cycles = site->max_cycles;
	site->count = 0;
	site->cycles = 0;
	site->max_cycles = 0;
	return 0;
}

/* The seldom case: a place elsewhere, a new one, or one whose count is full. */
static __attribute__((noinline)) int late_add(struct sites *s,
					      const struct site_late *late)
{
	struct site *site = site_find(s, late->rip, late->tag);

	if (!site)
		return -ENOMEM;
	site_count(site, late->cycles);
	return site->count == UINT32_MAX ? site_settle(s, site) : 0;
}

int sites_add_late(struct sites *s)
{
	const struct site_late *end = s->late + s->lates;
	size_t mask = sites_room(s) - 1;
	int err;

	s->lates = 0;
	for (const struct site_late *late = s->late; late < end; late++) {
		struct site *site = &s->site[late->slot];

		/* one of eight is next to where it hashed to, or after that */
		if (site->tag && (site->rip != late->rip ||
				  site->tag != late->tag))
			site = &s->site[(late->slot + 1) & mask];
		if (site->rip == late->rip && site->tag == late->tag &&
		    site->count < UINT32_MAX - 1) {
			site_count(site, late->cycles);
			continue;
		}
		err = late_add(s, late);
		if (err)
			return err;
	}
	return 0;
}

static int row_compare(const void *a, const void *b)
{
	const struct snapshot_symbol *x = a, *y = b;

	return (y->cycles > x->cycles) - (y->cycles < x->cycles);
}

static bool rows_alike(const struct snapshot_symbol *a,
		       const struct snapshot_symbol *b)
{
	return a->vm == b->vm && a->vcpu == b->vcpu && a->reason == b->reason;
}

/* Rows beyond `most` become one row for each vCPU and reason. */
static size_t rows_fold(struct snapshot_symbol *rows, size_t count, size_t most)
{
	size_t kept = most, i;

	for (size_t from = most; from < count; from++) {
		struct snapshot_symbol row = rows[from];

		for (i = most; i < kept && !rows_alike(&rows[i], &row); i++)
			;
		if (i < kept) {
			rows[i].count += row.count;
			rows[i].cycles += row.cycles;
			if (row.max_cycles > rows[i].max_cycles)
				rows[i].max_cycles = row.max_cycles;
			continue;
		}
		row.name = others;
		row.module = NULL;
		row.address = 0;
		rows[kept++] = row;
	}
	return kept;
}

int sites_collect(struct sites *s, size_t most, struct snapshot_symbol **rows,
		  size_t *count)
{
	struct snapshot_symbol *list, *shrunk;
	int err = sites_add_late(s);
	size_t n = 0;

	for (size_t i = 0; !err && i < sites_room(s); i++)
		if (s->site[i].count)
			err = site_settle(s, &s->site[i]);
	if (err)
		return err;
	list = calloc(s->row_table.rows + 1, sizeof(*list));
	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < s->row_table.rows; i++) {
		struct snapshot_symbol *row = &s->row[i];

		if (!row->count)
			continue;
		list[n++] = *row;
		row->count = 0;
		row->cycles = 0;
		row->max_cycles = 0;
	}
	qsort(list, n, sizeof(*list), row_compare);
	if (n > most)
		n = rows_fold(list, n, most);
	shrunk = reallocarray(list, n + 1, sizeof(*list));
	*rows = shrunk ? shrunk : list;
	*count = n;
	if (s->used <= SITES_KEPT)
		return 0;
	tables_exit(s);
	return tables_init(s);
}
