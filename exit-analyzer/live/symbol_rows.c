/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The function of an address is looked up once; then its row is known to the
 * address's count itself.
 */
#include "exit-analyzer/live/symbol_rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const enum key keys[] = { BY_VM, BY_VCPU, BY_REASON, BY_SYM };

/* Where they are among a row's values. */
enum {
	AT_VM, AT_VCPU, AT_REASON, AT_SYM,
};

struct symbol_count {
	uint64_t count, cycles;
	uint32_t max_cycles;
};

int symbol_rows_init(struct symbol_rows *s, struct key_context *context)
{
	s->context = context;
	return group_init(&s->group, keys, ARRAY_SIZE(keys),
			  sizeof(struct symbol_count));
}

void symbol_rows_exit(struct symbol_rows *s)
{
	group_exit(&s->group);
}

int symbol_rows_forget(struct symbol_rows *s)
{
	struct symbol_rows anew;
	int err = symbol_rows_init(&anew, s->context);

	if (err)
		return err;
	symbol_rows_exit(s);
	*s = anew;
	return 0;
}

/* The row of an exit from there. */
static ssize_t rip_row(struct symbol_rows *s,
		       const struct symbol_rows_owner *owner,
		       const struct rip_counts *counts,
		       const struct rip_count *count)
{
	const struct event_vmexit exit = {
		.h = { .id = EVENT_VMEXIT, .vm = owner->vm },
		.vcpu = owner->vcpu,
		.reason = owner->reason,
		.cpl_known = EVENT_KNOWN_ALL |
			     (count == &counts->user ? 3 : 0),
		.rip = count->rip,
	};
	struct key_value values[ARRAY_SIZE(keys)];

	group_values(&s->group, s->context, &exit.h, 0, values);
	if (count == &counts->others)
		values[AT_SYM] = (struct key_value){ 0, KEY_OTHERS };
	return group_find(&s->group, values);
}

int symbol_rows_add(struct symbol_rows *s,
		    const struct symbol_rows_owner *owner,
		    const struct rip_counts *counts, struct rip_count *count)
{
	struct symbol_count *row;

	if (count->row == RIP_NEW) {
		ssize_t found = rip_row(s, owner, counts, count);

		if (found < 0)
			return found;
		count->row = found + RIP_ROWS;
	}
	row = group_row(&s->group, count->row - RIP_ROWS);
	row->count += count->count;
	row->cycles += count->cycles;
	if (count->max_cycles > row->max_cycles)
		row->max_cycles = count->max_cycles;
	count->count = 0;
	count->cycles = 0;
	count->max_cycles = 0;
	return 0;
}

static uint64_t row_weight(const void *row)
{
	return ((const struct symbol_count *)row)->cycles;
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
		row.name = SNAPSHOT_OTHERS;
		row.module = NULL;
		row.address = 0;
		rows[kept++] = row;
	}
	return kept;
}

static struct snapshot_symbol row_take(struct symbol_rows *s, size_t number)
{
	struct symbol_count *row = group_row(&s->group, number);
	struct key_value sym = group_value(&s->group, number, AT_SYM);
	struct snapshot_symbol taken = {
		.vm = group_value(&s->group, number, AT_VM).number,
		.vcpu = group_value(&s->group, number, AT_VCPU).number,
		.reason = group_value(&s->group, number, AT_REASON).number,
		.count = row->count,
		.cycles = row->cycles,
		.max_cycles = row->max_cycles,
	};
	struct key_text text;

	if (sym.kind == KEY_OTHERS) {
		taken.name = SNAPSHOT_OTHERS;
	} else if (sym.kind == KEY_NUMBER) {
		taken.address = sym.number;
	} else {
		key_print(s->context, BY_SYM, &sym, &text);
		taken.name = text.text;
		taken.module = text.tag;
	}
	*row = (struct symbol_count){ 0 };
	return taken;
}

int symbol_rows_collect(struct symbol_rows *s, size_t most,
			struct snapshot *snap)
{
	const uint32_t *sorted = group_sort(&s->group, s->context, row_weight);
	struct snapshot_symbol *list, *shrunk;
	size_t n = 0;

	list = calloc(group_rows(&s->group) + 1, sizeof(*list));
	if (!sorted || !list) {
		free(list);
		return -ENOMEM;
	}
	for (size_t i = 0; i < group_rows(&s->group); i++) {
		struct snapshot_symbol row = row_take(s, sorted[i]);

		if (row.count)
			list[n++] = row;
	}
	if (n > most)
		n = rows_fold(list, n, most);
	shrunk = reallocarray(list, n + 1, sizeof(*list));
	snap->symbol = shrunk ? shrunk : list;
	snap->symbols = n;
	return 0;
}
