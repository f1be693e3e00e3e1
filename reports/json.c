/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All of a report as one JSON object, for programs. Nothing in it depends on
 * the host's clock or name: the same trace gives the same text.
 */
#include "reports/report.h"

#include "reports/damage_json.h"
#include "reports/json_out.h"
#include "reports/table.h"
#include "tracer/event/event_names.h"
#include "tracer/event/printable.h"

static void print_cell(struct json_out *j, const struct report_column *c,
		       const struct report_cell *v)
{
	char text[TABLE_CELL_BYTES];

	if (v->missing) {
		json_out_null(j, c->name);
	} else if (v->is_words) {
		table_cell(v, text);
		json_out_text(j, c->name, text);
	} else if (c->kind == REPORT_HEX) {
		json_out_hex(j, c->name, v->number);
	} else if (c->kind == REPORT_BOOL) {
		json_out_bool(j, c->name, v->number);
	} else {
		json_out_number(j, c->name, v->number);
	}
}

static void print_row(struct json_out *j, const struct report_table *t,
		      size_t row)
{
	json_out_object(j, NULL);
	for (size_t i = 0; i < t->columns; i++) {
		const struct report_column *c = t->column[i];
		struct report_cell v;

		if (!c->name)
			continue;
		table_get(t, c, row, &v);
		print_cell(j, c, &v);
	}
	json_out_object_end(j);
}

static void print_table(struct json_out *j, const struct report_table *t)
{
	json_out_array(j, t->name);
	for (size_t row = 0; row < t->rows; row++)
		print_row(j, t, row);
	json_out_array_end(j);
}

static void print_vms(struct json_out *j, const struct origin *o)
{
	json_out_array(j, "vms");
	for (unsigned int i = 0; i < o->vms; i++) {
		const struct origin_vm *vm = origin_vm(o, i);
		char name[sizeof(vm->name)];

		printable_text(name, sizeof(name), vm->name);
		json_out_object(j, NULL);
		json_out_number(j, "vm", i);
		json_out_text(j, "name", name);
		json_out_number(j, "vcpus", vm->vcpus);
		json_out_object_end(j);
	}
	json_out_array_end(j);
}

static void print_sort_keys(struct json_out *j, const struct summary *s)
{
	json_out_array(j, "sort");
	for (size_t i = 0; i < summary_key_count(s); i++)
		json_out_text(j, NULL, key_rows[summary_key_at(s, i)].name);
	json_out_array_end(j);
}

static void print_head(struct json_out *j, const struct report *report)
{
	const struct report_trace *trace = &report->trace;
	const struct summary *s = report->exits[0].summary;
	struct summary_total total = summary_total(s);

	json_out_number(j, "written", trace->written);
	json_out_number(j, "read", trace->read);
	json_out_number(j, "missed", trace->missed);
	json_out_bool(j, "cut", trace->cut);
	if (trace->cut)
		json_out_number(j, "cut_at_byte", trace->cut_at_byte);
	else
		json_out_null(j, "cut_at_byte");
	json_out_bool(j, "being_written", trace->being_written);
	damage_json(j, trace->damage, trace->damages);
	json_out_number(j, "disordered", trace->disordered);
	json_out_number(j, "tsc_khz", trace->origin->clock.tsc_khz);
	json_out_bool(j, "deterministic", trace->origin->clock.deterministic);
	json_out_text(j, "isa", origin_isa_name(trace->origin));
	json_out_number(j, "cpus", trace->origin->cpus);
	print_vms(j, trace->origin);
	json_out_number(j, "duration_cycles",
			summary_last_tsc(s) - summary_first_tsc(s));
	json_out_number(j, "handle_cycles_total", total.handle_cycles);
	json_out_number(j, "blocked_cycles_total", total.blocked_cycles);
	json_out_number(j, "cost_unknown", total.costless);
	print_sort_keys(j, s);
}

int report_print_json(FILE *to, const struct report *report)
{
	struct summary *s = report->exits[0].summary;
	struct report_table exits, flushes, calls;
	struct json_out j;
	int err = table_of_exits(&exits, s, report->exits[0].rows_max) ?:
		  table_of_tlb_flushes(&flushes, s) ?:
		  table_of_hypercalls(&calls, s);

	if (err)
		return err;
	json_out_init(&j, to);
	json_out_object(&j, NULL);
	print_head(&j, report);
	json_out_number(&j, "rows_left_out", exits.rows_left_out);
	print_table(&j, &exits);
	print_table(&j, &flushes);
	print_table(&j, &calls);
	json_out_object_end(&j);
	json_out_flush(&j);
	return 0;
}
