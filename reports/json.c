/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All of a report as one JSON object, for programs. Nothing in it depends on
 * the host's clock or name: the same trace gives the same text.
 */
#include "reports/report.h"

#include <errno.h>
#include <inttypes.h>

#include <jansson.h>

#include "reports/table.h"
#include "tracer/event/event_names.h"

/* jansson's integers have a sign: what does not fit keeps its magnitude. */
static json_t *number(uint64_t n)
{
	return n <= INT64_MAX ? json_integer(n) : json_real(n);
}

static json_t *text(const char *from, size_t bytes)
{
	char safe[TABLE_CELL_BYTES];

	table_print_safe(safe, bytes < sizeof(safe) ? bytes : sizeof(safe),
			 from);
	return json_string(safe);
}

static json_t *cell(const struct report_cell *v, enum report_column_kind kind)
{
	char buf[TABLE_CELL_BYTES];

	if (v->missing)
		return json_null();
	if (v->is_words) {
		table_cell(v, buf);
		return json_string(buf);
	}
	if (kind == REPORT_HEX) {
		snprintf(buf, sizeof(buf), "0x%" PRIx64, v->number);
		return json_string(buf);
	}
	if (kind == REPORT_BOOL)
		return json_boolean(v->number);
	return number(v->number);
}

static json_t *table_row(const struct report_table *t, size_t row)
{
	json_t *object = json_object();

	for (size_t i = 0; object && i < t->columns; i++) {
		const struct report_column *c = t->column[i];
		struct report_cell v;

		if (!c->name)
			continue;
		table_get(t, c, row, &v);
		if (json_object_set_new(object, c->name, cell(&v, c->kind))) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

static int add_table(json_t *root, const struct report_table *t)
{
	json_t *rows = json_array();

	for (size_t row = 0; rows && row < t->rows; row++) {
		if (json_array_append_new(rows, table_row(t, row))) {
			json_decref(rows);
			return -ENOMEM;
		}
	}
	return json_object_set_new(root, t->name, rows) ? -ENOMEM : 0;
}

static json_t *vms(const struct trace_machine *machine)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < machine->vms && i < ANCHOR_VMS_MAX; i++) {
		const struct anchor_vm *vm = &machine->vm[i];

		json_array_append_new(array, json_pack("{s:i, s:o, s:i}",
			"vm", i, "name", text(vm->name, sizeof(vm->name)),
			"vcpus", vm->vcpus));
	}
	return array;
}

static json_t *sort_keys(const struct summary *s)
{
	json_t *array = json_array();

	for (size_t i = 0; i < summary_key_count(s); i++)
		json_array_append_new(array,
			json_string(key_rows[summary_key_at(s, i)].name));
	return array;
}

static json_t *head(const struct report *report)
{
	const struct report_trace *trace = &report->trace;
	const struct summary *s = report->exits[0].summary;
	const struct summary_row *total = summary_total(s);

	return json_pack("{s:o, s:o, s:o, s:b, s:o, s:o, s:b, s:s, s:i, s:o,"
			 " s:o, s:o, s:o, s:o}",
		"written", number(trace->written),
		"read", number(trace->read),
		"missed", number(trace->missed),
		"cut", trace->cut,
		"cut_at_byte", trace->cut ? number(trace->cut_at_byte) :
					    json_null(),
		"tsc_khz", number(trace->machine->tsc_khz),
		"deterministic", trace->machine->deterministic != 0,
		"isa", event_isa_name(trace->machine->isa),
		"cpus", trace->machine->cpus,
		"vms", vms(trace->machine),
		"duration_cycles",
		number(summary_last_tsc(s) - summary_first_tsc(s)),
		"handle_cycles_total", number(total->handle.sum),
		"blocked_cycles_total", number(total->blocked_cycles),
		"sort", sort_keys(s));
}

static int add_tables(json_t *root, const struct report *report)
{
	struct summary *s = report->exits[0].summary;
	struct report_table t;
	int err = table_of_exits(&t, s, report->exits[0].rows_max);

	if (!err)
		err = json_object_set_new(root, "rows_left_out",
					  number(t.rows_left_out)) ? -ENOMEM :
		      add_table(root, &t);
	if (!err)
		err = table_of_tlb_flushes(&t, s) ?: add_table(root, &t);
	if (!err)
		err = table_of_hypercalls(&t, s) ?: add_table(root, &t);
	return err;
}

int report_print_json(FILE *to, const struct report *report)
{
	json_t *root = head(report);
	int err = root ? add_tables(root, report) : -ENOMEM;

	/* a failed write shows in the stream's state */
	if (!err) {
		json_dumpf(root, to, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
		putc('\n', to);
	}
	json_decref(root);
	return err;
}
