/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A report for people: what was recorded and what was missed, then tables.
 * Lines that begin with # are not data, as in perf.
 */
#include "reports/report.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "reports/table.h"
#include "tracer/event/event_names.h"
#include "tracer/event/printable.h"

struct units {
	const char *name;
	uint64_t tsc_khz;	/* 0: print cycles as they are */
};

/* Where the TSC counts instructions, time would pretend to a measurement. */
static struct units units_choose(const struct report *report)
{
	const struct origin_clock *clock = &report->trace.origin->clock;

	if (report->cycles)
		return (struct units){ "cycles", 0 };
	if (clock->deterministic)
		return (struct units){ "instructions", 0 };
	return (struct units){ "microseconds", clock->tsc_khz };
}

static uint64_t scale(uint64_t n, uint64_t by, uint64_t divisor)
{
	return ((unsigned __int128)n * by + divisor / 2) / divisor;
}

static size_t print_value(const struct units *u, const struct report_cell *v,
			  enum report_column_kind kind,
			  char cell[TABLE_CELL_BYTES])
{
	uint64_t n = v->number;

	if (v->is_words)
		return table_cell(v, cell);
	switch (kind) {
	case REPORT_HEX:
		return snprintf(cell, TABLE_CELL_BYTES, "0x%" PRIx64, n);
	case REPORT_BOOL:
		return snprintf(cell, TABLE_CELL_BYTES, n ? "yes" : "no");
	case REPORT_PERCENT:
		return snprintf(cell, TABLE_CELL_BYTES,
				"%" PRIu64 ".%02u%%", n / 100,
				(unsigned int)(n % 100));
	case REPORT_CYCLES:
		if (!u->tsc_khz)
			break;
		n = scale(n, 100000, u->tsc_khz);
		return snprintf(cell, TABLE_CELL_BYTES, "%" PRIu64 ".%02u",
				n / 100, (unsigned int)(n % 100));
	case REPORT_COUNT:
	case REPORT_TEXT:
		break;
	}
	return snprintf(cell, TABLE_CELL_BYTES, "%" PRIu64, n);
}

static int column_width(const struct report_table *t, const struct units *u,
			const struct report_column *c)
{
	char cell[TABLE_CELL_BYTES];
	int width = c->width;

	for (size_t row = 0; row < t->rows; row++) {
		struct report_cell v;
		int length;

		table_get(t, c, row, &v);
		length = print_value(u, &v, c->kind, cell);
		if (length > width)
			width = length;
	}
	return width;
}

/* Names stand left, numbers right; nothing trails. */
static void print_cell(FILE *to, const struct report_column *c,
		       const char *cell, int width, bool last)
{
	if (c->kind != REPORT_TEXT)
		fprintf(to, "%*s", width, cell);
	else if (last)
		fputs(cell, to);
	else
		fprintf(to, "%-*s", width, cell);
}

static void print_row(FILE *to, const struct report_table *t,
		      const struct units *u, const int *width, size_t row)
{
	char cell[TABLE_CELL_BYTES];

	for (size_t i = 0; i < t->columns; i++) {
		const struct report_column *c = t->column[i];
		struct report_cell v;

		if (!c->heading)
			continue;
		table_get(t, c, row, &v);
		print_value(u, &v, c->kind, cell);
		fputs("  ", to);
		print_cell(to, c, cell, width[i], i + 1 == t->columns);
	}
	putc('\n', to);
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void print_table(FILE *to, const struct report_table *t,
			const struct units *u)
{
	int width[REPORT_COLUMNS_MAX] = { 0 };
	const char *lead = "# ";

	for (size_t i = 0; i < t->columns; i++) {
		const struct report_column *c = t->column[i];

		if (!c->heading)
			continue;
		width[i] = column_width(t, u, c);
		fputs(lead, to);
		lead = "  ";
		print_cell(to, c, c->heading, width[i], i + 1 == t->columns);
	}
	fputs("\n#\n", to);
	for (size_t row = 0; row < t->rows; row++)
		print_row(to, t, u, width, row);
	if (t->rows_left_out)
		fprintf(to, "# %zu more row%s; --all prints %s\n",
			t->rows_left_out, plural(t->rows_left_out),
			t->rows_left_out == 1 ? "it" : "them");
	putc('\n', to);
}

/* How many records a table of costs is of: Samples has them all, and the other
 * columns those whose cost is known. */
static void print_counted(FILE *to, const struct report_table *t,
			  const char *record, const struct units *u)
{
	fprintf(to, " (%" PRIu64 " %s%s", t->all_count, record,
		plural(t->all_count));
	if (t->all_costless)
		fprintf(to, ", %" PRIu64 " with unknown cost",
			t->all_costless);
	fprintf(to, "; costs in %s)\n#\n", u->name);
}

static int print_exits(FILE *to, const struct report_exits *exits,
		       const struct units *u)
{
	const struct summary *s = exits->summary;
	struct report_table t;
	int err = table_of_exits(&t, exits->summary, exits->rows_max);

	if (err)
		return err;
	fputs("# VM exits by", to);
	for (size_t i = 0; i < summary_key_count(s); i++)
		fprintf(to, "%s %s", i ? "," : "",
			key_rows[summary_key_at(s, i)].name);
	print_counted(to, &t, "exit", u);
	print_table(to, &t, u);
	return 0;
}

static int print_tlb_flushes(FILE *to, struct summary *s, const struct units *u)
{
	struct report_table t;
	int err = table_of_tlb_flushes(&t, s);

	if (err)
		return err;
	fprintf(to, "# TLB flushes by cause and ASID (%" PRIu64 " flush%s)\n#\n",
		t.all_count, t.all_count == 1 ? "" : "es");
	print_table(to, &t, u);
	return 0;
}

static int print_hypercalls(FILE *to, struct summary *s, const struct units *u)
{
	struct report_table t;
	int err = table_of_hypercalls(&t, s);

	if (err)
		return err;
	fputs("# Hypercalls by number", to);
	print_counted(to, &t, "call", u);
	print_table(to, &t, u);
	return 0;
}

static void print_file_header(FILE *to, const struct trace_file_header *file)
{
	time_t seconds = file->created_ns / 1000000000;
	char date[32] = "unknown", safe[sizeof(file->command)];
	struct tm tm;

	if (file->created_ns && gmtime_r(&seconds, &tm))
		strftime(date, sizeof(date), "%F %T UTC", &tm);
	fprintf(to, "# captured on : %s\n", date);
	printable_text(safe, sizeof(file->host), file->host);
	fprintf(to, "# host        : %s\n", safe);
	printable_text(safe, sizeof(file->recorder), file->recorder);
	fprintf(to, "# recorder    : %s\n", safe);
	printable_text(safe, sizeof(file->command), file->command);
	fprintf(to, "# command     : %s\n", safe);
}

static void print_origin(FILE *to, const struct origin *o)
{
	fprintf(to, "# machine     : %s, %u CPU%s, TSC %" PRIu64 ".%03u MHz%s\n",
		origin_isa_name(o), o->cpus, plural(o->cpus),
		o->clock.tsc_khz / 1000,
		(unsigned int)(o->clock.tsc_khz % 1000),
		o->clock.deterministic ?
			", deterministic: the TSC counts instructions" : "");
	for (unsigned int i = 0; i < o->vms; i++) {
		const struct origin_vm *vm = origin_vm(o, i);
		char name[sizeof(vm->name)];

		printable_text(name, sizeof(name), vm->name);
		fprintf(to, "# vm %-9u: %s, %u vCPU%s, %" PRIu64 " MiB\n", i,
			name, vm->vcpus, plural(vm->vcpus),
			origin_vm_ram_bytes(vm) >> 20);
	}
}

static void print_seconds(FILE *to, uint64_t cycles, uint64_t tsc_khz)
{
	uint64_t us = scale(cycles, 1000, tsc_khz);

	fprintf(to, "%" PRIu64 ".%06u s", us / 1000000,
		(unsigned int)(us % 1000000));
}

static void print_events(FILE *to, const struct report *report)
{
	const struct report_trace *trace = &report->trace;
	struct summary *s = report->exits[0].summary;
	struct summary_loss loss = summary_loss(s);
	uint64_t khz = trace->origin->clock.tsc_khz;

	fputs("# duration    : ", to);
	print_seconds(to, summary_last_tsc(s) - summary_first_tsc(s), khz);
	fputs("\n# handling    : ", to);
	print_seconds(to, summary_total(s).handle_cycles, khz);
	fputs("\n# blocked     : ", to);
	print_seconds(to, summary_total(s).blocked_cycles, khz);
	fprintf(to, ", not part of handling\n"
		    "# events      : %" PRIu64 " written = %" PRIu64
		    " read + %" PRIu64 " missed\n",
		trace->written, trace->read, trace->missed);
	if (loss.events) {
		fprintf(to, "# missed      : %" PRIu64 " in %" PRIu64
			    " gap%s, the first after ",
			loss.missed, loss.events, plural(loss.events));
		print_seconds(to, loss.first_tsc, khz);
		fputs(" of TSC\n", to);
	}
	for (size_t i = 0; i < trace->damages; i++) {
		char text[TRACE_DAMAGE_TEXT_BYTES];

		trace_damage_text(&trace->damage[i], khz, text, sizeof(text));
		fprintf(to, "# DAMAGED     : %s\n", text);
	}
	if (trace->disordered)
		fprintf(to, "# OUT OF ORDER: %" PRIu64 " record%s ended before "
			    "one that stands before; times are doubtful\n",
			trace->disordered, plural(trace->disordered));
	if (trace->cut && trace->being_written)
		fprintf(to, "# UNFINISHED  : it is being recorded; this is what "
			    "was there, up to byte %" PRIu64 "\n",
			trace->cut_at_byte);
	else if (trace->cut)
		fprintf(to, "# CUT         : the file ends at byte %" PRIu64
			    " without its end%s; what followed is lost\n",
			trace->cut_at_byte,
			trace->zero_bytes ? ", in zeroes" : "");
	fputs("#\n", to);
}

int report_print_text(FILE *to, const struct report *report)
{
	struct units u = units_choose(report);
	int err = 0;

	if (report->trace.file)
		print_file_header(to, report->trace.file);
	print_origin(to, report->trace.origin);
	print_events(to, report);
	for (size_t i = 0; !err && i < report->exits_count; i++)
		err = print_exits(to, &report->exits[i], &u);
	if (!err)
		err = print_tlb_flushes(to, report->exits[0].summary, &u);
	if (!err)
		err = print_hypercalls(to, report->exits[0].summary, &u);
	return err;
}
