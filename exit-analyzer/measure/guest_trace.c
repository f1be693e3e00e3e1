/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's exits summed up while it runs, by reason and address. Names come
 * at the end, when the guest's kernel is there to be asked for them.
 */
#include "exit-analyzer/measure/guest_trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "exit-analyzer/stats/summary.h"
#include "tracer/guest/vm_kernel.h"
#include "tracer/source/source.h"

#define NAME_BYTES 192

struct guest_trace {
	struct source *source;
	struct key_context context;
	struct guest guests[ANCHOR_VMS_MAX];	/* no symbols while it runs */
	struct summary *summary;
	bool keep;
	uint16_t *reason;
	size_t exits;
	char error[256];
};

/* Exits of one name: of many addresses, if it is a function's. */
struct named_costs {
	char name[NAME_BYTES];
	struct histogram costs;
};

struct all_costs {
	struct named_costs *named;
	size_t count;
};

struct guest_trace *guest_trace_open(struct machine *m, bool reasons)
{
	static const enum key keys[] = { BY_REASON, BY_SYM };
	struct guest_trace *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->keep = reasons;
	t->context.guests = t->guests;
	t->source = source_merged(source_open_rings(machine_view(m), true));
	if (t->source && !key_context_init(&t->context))
		t->summary = summary_new(keys, 2, &t->context);
	if (t->summary)
		return t;
	guest_trace_close(t);
	return NULL;
}

static int reason_keep(struct guest_trace *t, const struct event_header *ev)
{
	uint16_t *more;

	if (!t->keep || ev->id != EVENT_VMEXIT)
		return 0;
	/* a power of two is full */
	if (!(t->exits & (t->exits - 1))) {
		more = reallocarray(t->reason, t->exits ? 2 * t->exits : 1,
				    sizeof(*more));
		if (!more)
			return -ENOMEM;
		t->reason = more;
	}
	t->reason[t->exits++] = ((const struct event_vmexit *)ev)->reason;
	return 0;
}

int guest_trace_drain(struct guest_trace *t)
{
	struct event_run run;
	int more, err = 0;

	while (!err && (more = source_read(t->source, &run)) > 0)
		for (unsigned int i = 0; !err && i < run.count; i++) {
			const struct event_header *ev =
				event_run_record(run.first, i);

			err = summary_add(t->summary, ev, run.cpu) ?:
			      reason_keep(t, ev);
		}
	if (err)
		snprintf(t->error, sizeof(t->error), "%s", strerror(-err));
	else if (more < 0)
		snprintf(t->error, sizeof(t->error), "%s",
			 source_error(t->source));
	return err ? err : more;
}

/* None, if the guest is not a Linux, or had not come far enough. */
static void symbols_load(struct guest_trace *t, const struct machine *m)
{
	guest_use_symbols(&t->guests[0],
			  vm_kernel_symtab(machine_view(m), 0, NULL));
	key_context_forget_symbols(&t->context);
}

static int costs_add(struct all_costs *g, const char *name,
		     const struct histogram *costs)
{
	struct named_costs *more;

	for (size_t i = 0; i < g->count; i++)
		if (!strcmp(g->named[i].name, name))
			return histogram_merge(&g->named[i].costs, costs);
	more = reallocarray(g->named, g->count + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	g->named = more;
	more += g->count++;
	memset(more, 0, sizeof(*more));
	snprintf(more->name, sizeof(more->name), "%s", name);
	return histogram_merge(&more->costs, costs);
}

/* Where a row's exits came from, by what the guest's kernel told since. */
static const char *function_name(struct guest_trace *t, struct key_value where,
				 struct key_text *text)
{
	if (where.kind == KEY_NUMBER)
		where = key_context_symbol(&t->context, 0, where.number);
	if (where.kind == KEY_NUMBER)
		return GUEST_UNKNOWN_TEXT;
	key_print(&t->context, BY_SYM, &where, text);
	return text->text;
}

static int summary_row_add(struct guest_trace *t, struct all_costs *g,
			   const struct summary_rows *rows, size_t i)
{
	const struct summary_row *row = summary_row_at(rows, i);
	struct key_value reason = summary_value_at(rows, i, 0);
	struct key_value where = summary_value_at(rows, i, 1);
	struct key_text text, function;
	char name[NAME_BYTES];
	int err;

	key_print(rows->context, BY_REASON, &reason, &text);
	err = costs_add(g, text.text, &row->handle);
	if (err)
		return err;
	snprintf(name, sizeof(name), "%s,%s", text.text,
		 function_name(t, where, &function));
	return costs_add(g, name, &row->handle);
}

static int costs_write(const struct all_costs *g, struct result *r)
{
	for (size_t i = 0; i < g->count; i++) {
		const struct histogram *h = &g->named[i].costs;
		struct result_row *row = result_row_find(r, g->named[i].name);
		bool first = !row;

		if (first)
			row = result_row_add(r, g->named[i].name);
		if (!row)
			return -ENOMEM;
		row->n += h->count;
		row->min = first || h->min < row->min ? h->min : row->min;
		row->max = first || h->max > row->max ? h->max : row->max;
		row->p50 = histogram_percentile(h, 500);
		row->p95 = histogram_percentile(h, 950);
		if (result_row_round(row, h->sum))
			return -ENOMEM;
	}
	return 0;
}

static uint64_t missed_count(const struct guest_trace *t)
{
	uint64_t missed = 0;

	for (unsigned int cpu = 0; cpu < source_cpus(t->source); cpu++) {
		struct source_cpu_counts counts;

		source_counts(t->source, cpu, &counts);
		missed += counts.missed;
	}
	return missed;
}

int guest_trace_rows(struct guest_trace *t, const struct machine *m,
		     struct result *r)
{
	struct summary_rows rows;
	struct all_costs g = { 0 };
	uint64_t missed = missed_count(t);
	int err = summary_exits(t->summary, &rows);

	symbols_load(t, m);
	for (size_t i = 0; !err && i < rows.count; i++)
		err = summary_row_add(t, &g, &rows, i);
	if (!err)
		err = costs_write(&g, r);
	if (err)
		snprintf(t->error, sizeof(t->error), "cannot sum up: %s",
			 strerror(-err));
	if (!err && missed) {
		snprintf(t->error, sizeof(t->error), "%" PRIu64 " records "
			 "were missed, and costs would be too small; a "
			 "larger --ring holds more", missed);
		err = -EOVERFLOW;
	}
	for (size_t i = 0; i < g.count; i++)
		histogram_clear(&g.named[i].costs);
	free(g.named);
	return err;
}

const uint16_t *guest_trace_reasons(const struct guest_trace *t, size_t *exits)
{
	*exits = t->exits;
	return t->reason;
}

const char *guest_trace_error(const struct guest_trace *t)
{
	return t->error;
}

void guest_trace_close(struct guest_trace *t)
{
	if (!t)
		return;
	summary_free(t->summary);
	key_context_exit(&t->context);
	guest_exit(&t->guests[0]);
	source_close(t->source);
	free(t->reason);
	free(t);
}
