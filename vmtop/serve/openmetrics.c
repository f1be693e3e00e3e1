/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One row of a table for each family of metrics: what it is, and who prints
 * its samples. Names, units and meanings are an interface: see vmtop(1).
 */
#include "vmtop/serve/openmetrics.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/event/event_names.h"

const char *const openmetrics_type[OPENMETRICS_FORMATS] = {
	[OPENMETRICS_TEXT] = "text/plain; version=0.0.4; charset=utf-8",
	[OPENMETRICS_1_0] = "application/openmetrics-text; version=1.0.0; "
			    "charset=utf-8",
};

enum kind {
	COUNTER,
	GAUGE,
	HISTOGRAM,
	INFO,
};

struct family;

#define NUMBER_BYTES 32

struct printer {
	FILE *to;
	enum openmetrics_format format;
	const struct family *family;
	const struct metrics *metrics;
	const struct metrics_machine *machine;	/* NULL: a sample of all */
	unsigned int vm;
	/* of a histogram */
	char bound[SNAPSHOT_BOUNDS][NUMBER_BYTES];
};

struct family {
	const char *name;
	enum kind kind;
	const char *unit;	/* NULL: none; else the name ends with it */
	const char *help;
	/* one of these: once, of each machine, of each of its VMs */
	void (*all)(struct printer *p);
	void (*machine)(struct printer *p, const struct metrics_machine *m);
	void (*vm)(struct printer *p, const struct metrics_vm *vm);
};

/* Guests and users choose some of these. */
static void text_put(FILE *to, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' || *text == '"')
			fputc_unlocked('\\', to);
		if (*text == '\n')
			fputs_unlocked("\\n", to);
		else
			fputc_unlocked(*text, to);
	}
}

/* The shortest text that reads back as this number. */
static void number_text(char text[NUMBER_BYTES], double value)
{
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, NUMBER_BYTES, "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	/* as OpenMetrics wants bounds, and others do not mind */
	if (!strpbrk(text, ".e"))
		strcat(text, ".0");
}

static void label(struct printer *p, const char *name, const char *value)
{
	fputc_unlocked(',', p->to);
	fputs_unlocked(name, p->to);
	fputs_unlocked("=\"", p->to);
	text_put(p->to, value);
	fputc_unlocked('"', p->to);
}

static void label_number(struct printer *p, const char *name, unsigned int n)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", n);
	label(p, name, text);
}

static void sample_begin(struct printer *p, const char *suffix)
{
	static const char *const suffixes[] = {
		[COUNTER] = "_total", [GAUGE] = "", [INFO] = "_info",
	};

	fputs_unlocked(p->family->name, p->to);
	fputs_unlocked(suffix ? suffix : suffixes[p->family->kind], p->to);
	if (!p->machine)
		return;
	fputs_unlocked("{machine=\"", p->to);
	text_put(p->to, p->machine->name);
	fputc_unlocked('"', p->to);
	if (p->family->vm)
		label(p, "vm", p->machine->vm[p->vm].name);
}

static void sample_end(struct printer *p, uint64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), " %" PRIu64 "\n", value);
	if (p->machine)
		fputc_unlocked('}', p->to);
	fputs_unlocked(text, p->to);
}

static void sample_end_real(struct printer *p, double value)
{
	char text[NUMBER_BYTES];

	number_text(text, value);
	fputs_unlocked(p->machine ? "} " : " ", p->to);
	fputs_unlocked(text, p->to);
	fputc_unlocked('\n', p->to);
}

static void sample_end_cycles(struct printer *p, uint64_t cycles)
{
	sample_end_real(p, cycles / (p->machine->tsc_khz * 1e3));
}

static void sample(struct printer *p, uint64_t value)
{
	sample_begin(p, NULL);
	sample_end(p, value);
}

static void sample_real(struct printer *p, double value)
{
	sample_begin(p, NULL);
	sample_end_real(p, value);
}

static void build(struct printer *p)
{
	fprintf(p->to, "%s_info{version=\"", p->family->name);
	text_put(p->to, VERSION);
	fputs("\"} 1\n", p->to);
}

static void own_cpu(struct printer *p)
{
	sample_real(p, p->metrics->own_cpu_s);
}

static void own_memory(struct printer *p)
{
	if (p->metrics->own_bytes > 0)
		sample(p, p->metrics->own_bytes);
}

static void intervals(struct printer *p)
{
	sample(p, p->metrics->intervals);
}

static void interval_seconds(struct printer *p)
{
	sample_real(p, p->metrics->seconds);
}

static void machine_up(struct printer *p, const struct metrics_machine *m)
{
	sample(p, !m->gone);
}

static void records_read(struct printer *p, const struct metrics_machine *m)
{
	sample(p, m->read);
}

static void records_missed(struct printer *p, const struct metrics_machine *m)
{
	sample(p, m->missed);
}

/* A machine that has gone has no gauges: they are of this moment only. */
static void records_waiting(struct printer *p, const struct metrics_machine *m)
{
	if (!m->gone)
		sample(p, m->waiting);
}

static bool vm_is_there(const struct printer *p)
{
	return !p->machine->gone && p->vm < p->machine->vms;
}

static void vm_state(struct printer *p, const struct metrics_vm *vm)
{
	for (unsigned int s = VM_STATE_EMPTY; vm_is_there(p) &&
	     s < VM_STATES; s++) {
		sample_begin(p, NULL);
		label(p, "state", event_vm_state_name(s));
		sample_end(p, vm->now.state == s);
	}
}

static void vm_vcpus(struct printer *p, const struct metrics_vm *vm)
{
	if (vm_is_there(p))
		sample(p, vm->now.vcpus);
}

static void vm_memory(struct printer *p, const struct metrics_vm *vm)
{
	if (vm_is_there(p))
		sample(p, vm->now.ram_bytes);
}

static void vcpu_running(struct printer *p, const struct metrics_vm *vm)
{
	for (unsigned int i = 0; i < ANCHOR_VCPUS_MAX; i++) {
		if (!vm_is_there(p) || !vm->vcpu[i] || vm->vcpu[i]->running < 0)
			continue;
		sample_begin(p, NULL);
		label_number(p, "vcpu", i);
		sample_end(p, vm->vcpu[i]->running);
	}
}

static void vcpu_reason_begin(struct printer *p, unsigned int vcpu,
			      unsigned int reason)
{
	sample_begin(p, NULL);
	label_number(p, "vcpu", vcpu);
	label(p, "reason", event_exit_reason_name(reason));
}

static void exits(struct printer *p, const struct metrics_vm *vm)
{
	for (unsigned int i = 0; i < ANCHOR_VCPUS_MAX; i++)
		for (unsigned int r = 0; r < EXIT_REASONS; r++)
			if (vm->vcpu[i] && vm->vcpu[i]->exits[r]) {
				vcpu_reason_begin(p, i, r);
				sample_end(p, vm->vcpu[i]->exits[r]);
			}
}

static void exit_blocked(struct printer *p, const struct metrics_vm *vm)
{
	for (unsigned int i = 0; i < ANCHOR_VCPUS_MAX; i++)
		for (unsigned int r = 0; r < EXIT_REASONS; r++)
			if (vm->vcpu[i] && vm->vcpu[i]->blocked_cycles[r]) {
				vcpu_reason_begin(p, i, r);
				sample_end_cycles(p,
					vm->vcpu[i]->blocked_cycles[r]);
			}
}

static void vcpu_handling(struct printer *p, const struct metrics_vm *vm)
{
	for (unsigned int i = 0; i < ANCHOR_VCPUS_MAX; i++) {
		if (!vm->vcpu[i])
			continue;
		sample_begin(p, NULL);
		label_number(p, "vcpu", i);
		sample_end_cycles(p, vm->vcpu[i]->handle_cycles);
	}
}

static void irqs_injected(struct printer *p, const struct metrics_vm *vm)
{
	for (unsigned int i = 0; i < ANCHOR_VCPUS_MAX; i++) {
		if (!vm->vcpu[i] || !vm->vcpu[i]->irqs_known)
			continue;
		sample_begin(p, NULL);
		label_number(p, "vcpu", i);
		sample_end(p, vm->vcpu[i]->irqs_injected);
	}
}

static void bucket(struct printer *p, const char *reason, const char *le,
		   uint64_t count)
{
	sample_begin(p, "_bucket");
	label(p, "reason", reason);
	label(p, "le", le);
	sample_end(p, count);
}

static void reason_handling(struct printer *p, const char *reason,
			    const struct metrics_reason *cost)
{
	uint64_t count = 0;

	for (unsigned int i = 0; i < SNAPSHOT_BOUNDS; i++) {
		count += cost->within[i];
		bucket(p, reason, p->bound[i], count);
	}
	bucket(p, reason, "+Inf", cost->count);
	sample_begin(p, "_count");
	label(p, "reason", reason);
	sample_end(p, cost->count);
	sample_begin(p, "_sum");
	label(p, "reason", reason);
	sample_end_cycles(p, cost->cycles);
}

static void exit_handling(struct printer *p, const struct metrics_vm *vm)
{
	for (unsigned int r = 0; r < EXIT_REASONS; r++)
		if (vm->reason[r])
			reason_handling(p, event_exit_reason_name(r),
					vm->reason[r]);
}

static void tlb_flushes(struct printer *p, const struct metrics_vm *vm)
{
	for (size_t i = 0; i < vm->flushes; i++) {
		const struct metrics_flush *f = &vm->flush[i];

		sample_begin(p, NULL);
		if (f->others)
			label(p, "asid", "others");
		else
			label_number(p, "asid", f->asid);
		label(p, "cause", event_tlb_cause_name(f->cause));
		sample_end(p, f->count);
	}
}

static void call_begin(struct printer *p, const struct metrics_call *call)
{
	const char *name = call->others ? NULL :
		event_hypercall_name(call->number);
	char number[NUMBER_BYTES];

	sample_begin(p, NULL);
	snprintf(number, sizeof(number), "0x%" PRIx64, call->number);
	label(p, "number", call->others ? "others" : number);
	label(p, "name", name ? name : "");
}

static void hypercalls(struct printer *p, const struct metrics_vm *vm)
{
	for (size_t i = 0; i < vm->calls; i++) {
		call_begin(p, &vm->call[i]);
		sample_end(p, vm->call[i].count);
	}
}

static void hypercall_time(struct printer *p, const struct metrics_vm *vm)
{
	for (size_t i = 0; i < vm->calls; i++) {
		call_begin(p, &vm->call[i]);
		sample_end_cycles(p, vm->call[i].cycles);
	}
}

static const struct family families[] = {
	{ "vmprof_build", INFO, NULL, "The vmtop that serves this.",
	  .all = build },
	{ "vmprof_exporter_cpu_seconds", COUNTER, "seconds",
	  "CPU time that vmtop itself used.", .all = own_cpu },
	{ "vmprof_exporter_memory_bytes", GAUGE, "bytes",
	  "Memory of vmtop itself, that of the machines not counted.",
	  .all = own_memory },
	{ "vmprof_intervals", COUNTER, NULL,
	  "Intervals that are in all other figures.", .all = intervals },
	{ "vmprof_interval_seconds", GAUGE, "seconds",
	  "Length of the newest interval.", .all = interval_seconds },
	{ "vmprof_machine_up", GAUGE, NULL,
	  "1 while the machine runs; 0 for some minutes after it has gone.",
	  .machine = machine_up },
	{ "vmprof_records_read", COUNTER, NULL,
	  "Records read from the machine's rings.", .machine = records_read },
	{ "vmprof_records_missed", COUNTER, NULL,
	  "Records overwritten before they were read: in no other figure.",
	  .machine = records_missed },
	{ "vmprof_records_waiting", GAUGE, NULL,
	  "Records that at most waited to be read in the newest interval.",
	  .machine = records_waiting },
	{ "vmprof_vm_state", GAUGE, NULL,
	  "1 for the state that the VM is in, 0 for the others.",
	  .vm = vm_state },
	{ "vmprof_vm_vcpus", GAUGE, NULL, "Virtual CPUs of the VM.",
	  .vm = vm_vcpus },
	{ "vmprof_vm_memory_bytes", GAUGE, "bytes", "RAM of the VM.",
	  .vm = vm_memory },
	{ "vmprof_vcpu_running", GAUGE, NULL,
	  "1: in the guest or handling an exit, 0: blocked.",
	  .vm = vcpu_running },
	{ "vmprof_vcpu_handling_seconds", COUNTER, "seconds",
	  "Time in which exits of the virtual CPU were handled.",
	  .vm = vcpu_handling },
	{ "vmprof_exits", COUNTER, NULL, "Exits from the guest.", .vm = exits },
	{ "vmprof_exit_blocked_seconds", COUNTER, "seconds",
	  "Time between exit and re-entry in which the virtual CPU was halted "
	  "or waited for a CPU; no part of handling.", .vm = exit_blocked },
	{ "vmprof_exit_handling_seconds", HISTOGRAM, "seconds",
	  "Time that handling an exit took.", .vm = exit_handling },
	{ "vmprof_irqs_injected", COUNTER, NULL,
	  "Interrupts given to the guest.", .vm = irqs_injected },
	{ "vmprof_tlb_flushes", COUNTER, NULL,
	  "TLB flushes by ASID or VPID and cause.", .vm = tlb_flushes },
	{ "vmprof_hypercalls", COUNTER, NULL, "Hypercalls by number.",
	  .vm = hypercalls },
	{ "vmprof_hypercall_seconds", COUNTER, "seconds",
	  "Time spent in hypercalls by number.", .vm = hypercall_time },
};

#define FAMILIES (sizeof(families) / sizeof(families[0]))

/* The older format knows no INFO, no units, and counters by their samples. */
static void head_print(struct printer *p)
{
	static const char *const types[] = {
		[COUNTER] = "counter", [GAUGE] = "gauge",
		[HISTOGRAM] = "histogram", [INFO] = "info",
	};
	const struct family *f = p->family;
	const char *suffix = "", *type = types[f->kind];

	if (p->format == OPENMETRICS_TEXT && f->kind == COUNTER)
		suffix = "_total";
	if (p->format == OPENMETRICS_TEXT && f->kind == INFO) {
		suffix = "_info";
		type = types[GAUGE];
	}
	fprintf(p->to, "# HELP %s%s %s\n# TYPE %s%s %s\n", f->name, suffix,
		f->help, f->name, suffix, type);
	if (f->unit && p->format != OPENMETRICS_TEXT)
		fprintf(p->to, "# UNIT %s %s\n", f->name, f->unit);
}

static void machine_print(struct printer *p)
{
	const struct family *f = p->family;

	for (unsigned int i = 0; f->kind == HISTOGRAM && i < SNAPSHOT_BOUNDS;
	     i++)
		number_text(p->bound[i], snapshot_bound_ns[i] / 1e9);
	if (f->machine)
		f->machine(p, p->machine);
	for (p->vm = 0; f->vm && p->vm < METRICS_VM_SLOTS; p->vm++)
		f->vm(p, &p->machine->vm[p->vm]);
}

/* A part is a family's samples of one machine. */
static size_t family_parts(const struct metrics *m)
{
	return m->machines ? m->machines : 1;
}

size_t openmetrics_parts(const struct metrics *m)
{
	return FAMILIES * family_parts(m);
}

void openmetrics_print(FILE *to, const struct metrics *m,
		       enum openmetrics_format format, size_t part)
{
	size_t machine = part % family_parts(m);
	struct printer p = {
		.to = to, .format = format, .metrics = m,
		.family = &families[part / family_parts(m)],
	};

	if (!machine) {
		head_print(&p);
		if (p.family->all)
			p.family->all(&p);
	}
	if (!p.family->all && machine < m->machines) {
		p.machine = m->machine[machine];
		machine_print(&p);
	}
	if (part + 1 == openmetrics_parts(m) && format == OPENMETRICS_1_0)
		fputs("# EOF\n", to);
}
