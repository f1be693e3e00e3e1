/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A function a column: what it shows of a row.
 */
#include "vmtop/table/column.h"

#include <langinfo.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tracer/event/event_names.h"
#include "tracer/event/printable.h"

static double per_second(const struct item *i, uint64_t count)
{
	return i->snap->seconds > 0 ? count / i->snap->seconds : 0;
}

static double cycles_share(const struct item *i, uint64_t cycles)
{
	return i->snap->cycles > 0 ? 100.0 * cycles / i->snap->cycles : 0;
}

static double share(double part, double all)
{
	return all > 0 ? 100 * part / all : 0;
}

static void get_machine(const struct item *i, struct value *v)
{
	printable_text(v->text, sizeof(v->text),
		       watch_name(i->watch, i->at.target));
}

static void get_vm(const struct item *i, struct value *v)
{
	if (i->at.vm == SNAPSHOT_ALL)
		snprintf(v->text, sizeof(v->text), "all");
	else
		item_vm_name(v->text, sizeof(v->text), i->snap, i->at.vm);
}

static void get_vcpu(const struct item *i, struct value *v)
{
	v->number = i->at.vcpu == SNAPSHOT_ALL ? NAN : i->at.vcpu;
}

static void get_state(const struct item *i, struct value *v)
{
	snprintf(v->text, sizeof(v->text), "%s",
		 watch_gone(i->watch, i->at.target) ?
			"gone" : event_vm_state_name(i->state));
}

static void get_run(const struct item *i, struct value *v)
{
	static const char *const names[] = { "-", "block", "run" };

	snprintf(v->text, sizeof(v->text), "%s", names[i->running + 1]);
}

static void get_vcpus(const struct item *i, struct value *v)
{
	v->number = i->vcpus;
}

static void get_ram(const struct item *i, struct value *v)
{
	v->number = i->ram_bytes;
}

/*
 * A vCPU that is blocked has no exit to say so until it runs again: with none
 * in the interval, its state at the end stands for all of it.
 */
static void get_cpu(const struct item *i, struct value *v)
{
	unsigned int vcpus = i->vcpus ? i->vcpus : 1;
	double blocked = cycles_share(i, i->blocked_cycles);

	if (!i->cost.count)
		v->number = i->running < 0 ? NAN : i->running ? 100 : 0;
	else
		v->number = blocked < 100.0 * vcpus ? 100.0 * vcpus - blocked :
						      0;
}

static void get_hyp(const struct item *i, struct value *v)
{
	v->number = cycles_share(i, i->cost.cycles);
}

static void get_reason(const struct item *i, struct value *v)
{
	snprintf(v->text, sizeof(v->text), "%s", i->at.reason == SNAPSHOT_ALL ?
		 "all" : event_exit_reason_name(i->at.reason));
}

static void get_last(const struct item *i, struct value *v)
{
	snprintf(v->text, sizeof(v->text), "%s", i->last_reason < 0 ? "-" :
		 event_exit_reason_name(i->last_reason));
}

static void get_symbol(const struct item *i, struct value *v)
{
	item_name(i, v->text, ITEM_NAME_BYTES);
}

static void get_rate(const struct item *i, struct value *v)
{
	v->number = per_second(i, i->cost.count);
}

static void get_count(const struct item *i, struct value *v)
{
	v->number = i->cost.count;
}

static void get_total(const struct item *i, struct value *v)
{
	v->number = i->cost.total;
}

static void get_share(const struct item *i, struct value *v)
{
	v->number = share(i->cost.count, i->all_count);
}

static void get_time(const struct item *i, struct value *v)
{
	v->number = share(item_seconds(i, i->cost.cycles), i->all_s);
}

/* Without an exit there is no cost. */
static double cost_of(const struct item *i, uint64_t cycles)
{
	return i->cost.count ? cycles : NAN;
}

static void get_mean(const struct item *i, struct value *v)
{
	v->number = i->cost.count ? (double)i->cost.cycles / i->cost.count :
				    NAN;
}

static void get_min(const struct item *i, struct value *v)
{
	v->number = cost_of(i, i->cost.min);
}

static void get_p50(const struct item *i, struct value *v)
{
	v->number = cost_of(i, i->cost.p50);
}

static void get_p95(const struct item *i, struct value *v)
{
	v->number = cost_of(i, i->cost.p95);
}

static void get_p99(const struct item *i, struct value *v)
{
	v->number = cost_of(i, i->cost.p99);
}

static void get_max(const struct item *i, struct value *v)
{
	v->number = cost_of(i, i->cost.max);
}

static void get_blocked(const struct item *i, struct value *v)
{
	v->number = i->blocked_cycles;
}

/* How often the row's reason came in the interval `back`. */
static double rate_then(const struct item *i, size_t back)
{
	const struct snapshot *snap = watch_past(i->watch, i->at.target, back);

	for (size_t n = 0; snap && n < snap->exits; n++) {
		const struct snapshot_exit *e = &snap->exit[n];

		if (e->vm == i->at.vm && e->vcpu == i->at.vcpu &&
		    (int)e->reason == i->at.reason)
			return snap->seconds > 0 ?
				e->handle.count / snap->seconds : 0;
	}
	return 0;
}

#define MINUTE_CELLS 10
#define BAR_HEIGHTS 8

/* Bars from none to the highest, in what the terminal's codeset has. */
static const char *const *bars(void)
{
	static const char *const blocks[BAR_HEIGHTS + 1] = {
		" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"
	};
	static const char *const ascii[BAR_HEIGHTS + 1] = {
		" ", ".", ":", "-", "=", "+", "*", "#", "@"
	};

	return strcmp(nl_langinfo(CODESET), "UTF-8") ? ascii : blocks;
}

/*
 * A cell shows the highest rate of the intervals it stands for, in eighths of
 * the highest of all; a blank stands for 0.
 */
static void get_minute(const struct item *i, struct value *v)
{
	const char *const *bar = bars();
	const size_t span = WATCH_PAST / MINUTE_CELLS;
	double cell[MINUTE_CELLS] = { 0 }, most = 0;

	for (size_t n = 0; n < WATCH_PAST; n++) {
		double rate = rate_then(i, i->back + n);
		double *c = &cell[MINUTE_CELLS - 1 - n / span];

		if (rate > *c)
			*c = rate;
		if (rate > most)
			most = rate;
	}
	v->text[0] = '\0';
	for (size_t n = 0; n < MINUTE_CELLS; n++)
		strcat(v->text, bar[most > 0 ?
			(size_t)ceil(cell[n] / most * BAR_HEIGHTS) : 0]);
	v->number = most;
}

static void get_tlb(const struct item *i, struct value *v)
{
	v->number = per_second(i, i->tlb_flushes);
}

static void get_calls(const struct item *i, struct value *v)
{
	v->number = per_second(i, i->hypercalls);
}

static void get_irqs(const struct item *i, struct value *v)
{
	v->number = i->irqs_known ? per_second(i, i->irqs_injected) : NAN;
}

static void get_missed(const struct item *i, struct value *v)
{
	v->number = i->missed;
}

static void get_asid(const struct item *i, struct value *v)
{
	v->number = i->asid;
}

static void get_scope(const struct item *i, struct value *v)
{
	snprintf(v->text, sizeof(v->text), "%s",
		 event_tlb_scope_name(i->tlb_scope));
}

static void get_cause(const struct item *i, struct value *v)
{
	snprintf(v->text, sizeof(v->text), "%s",
		 event_tlb_cause_name(i->tlb_cause));
}

static void get_by(const struct item *i, struct value *v)
{
	snprintf(v->text, sizeof(v->text), "%s", i->guest ? "guest" : "hyp");
}

static void get_number(const struct item *i, struct value *v)
{
	snprintf(v->text, sizeof(v->text), i->number < 0x10000 ? "%llu" :
		 "0x%llx", (unsigned long long)i->number);
}

static void get_call(const struct item *i, struct value *v)
{
	const char *name = event_hypercall_name(i->number);

	snprintf(v->text, sizeof(v->text), "%s", name ? name : "-");
}

static void get_keys(const struct item *i, struct value *v)
{
	item_name(i, v->text, ITEM_NAME_BYTES);
}

static void get_device(const struct item *i, struct value *v)
{
	item_name(i, v->text, ITEM_NAME_BYTES);
}

static void get_process(const struct item *i, struct value *v)
{
	printable_text(v->text, sizeof(v->text),
		       i->process ? i->process->comm : "");
}

static void get_pid(const struct item *i, struct value *v)
{
	v->number = i->process && i->process->pid ? i->process->pid : NAN;
}

static void get_reads(const struct item *i, struct value *v)
{
	v->number = i->directed ? per_second(i, i->reads) : NAN;
}

static void get_writes(const struct item *i, struct value *v)
{
	v->number = i->directed ? per_second(i, i->writes) : NAN;
}

static void get_bytes(const struct item *i, struct value *v)
{
	v->number = i->sized ? per_second(i, i->bytes) : NAN;
}

const struct column columns[] = {
#define COLUMN(name, heading, width, kind, help) \
	{ #name, heading, help, width, COLUMN_##kind, get_##name },
#include "vmtop/table/columns.def"
	{ 0 }
};

const struct column *column_find(const char *name, size_t length)
{
	for (const struct column *c = columns; c->name; c++)
		if (strlen(c->name) == length &&
		    !memcmp(c->name, name, length))
			return c;
	return NULL;
}

static void print_count(double n, char *to, size_t bytes)
{
	if (n < 1e7)
		snprintf(to, bytes, "%.0f", n);
	else if (n < 1e9)
		snprintf(to, bytes, "%.1fM", n / 1e6);
	else
		snprintf(to, bytes, "%.1fG", n / 1e9);
}

static void print_time(double ns, char *to, size_t bytes)
{
	static const struct {
		double ns;
		const char *name;
	} units[] = { { 1, "ns" }, { 1e3, "us" }, { 1e6, "ms" }, { 1e9, "s" } };
	size_t u = 0;

	while (u < 3 && ns >= 1000 * units[u].ns)
		u++;
	ns /= units[u].ns;
	snprintf(to, bytes, "%.*f%s", !u || ns >= 100 ? 0 : ns >= 10 ? 1 : 2,
		 ns, units[u].name);
}

void column_print(const struct column *c, const struct item *item, char *to,
		  size_t bytes)
{
	struct value v;

	c->get(item, &v);
	if (column_is_text(c) || c->kind == COLUMN_CHART) {
		snprintf(to, bytes, "%s", v.text);
		return;
	}
	if (isnan(v.number)) {
		snprintf(to, bytes, "-");
		return;
	}
	switch (c->kind) {
	case COLUMN_RATE:
		if (v.number > 0 && v.number < 10)
			snprintf(to, bytes, "%.2f", v.number);
		else
			print_count(v.number, to, bytes);
		break;
	case COLUMN_PERCENT:
		snprintf(to, bytes, "%.1f", v.number);
		break;
	case COLUMN_CYCLES:
		print_time(item_seconds(item, v.number) * 1e9, to, bytes);
		break;
	case COLUMN_BYTES:
		snprintf(to, bytes, "%.0fM", v.number / (1 << 20));
		break;
	case COLUMN_NUMBER:
	case COLUMN_TEXT:
	case COLUMN_NAME:
	case COLUMN_CHART:
		print_count(v.number, to, bytes);
		break;
	}
}
