/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The facts of a trace, as "key value" lines that a test script can compare:
 * trace_facts FILE, or trace_facts --kallsyms FILE for VM 0's symbols, or
 * trace_facts --processes FILE for what changed of its processes.
 *
 * It counts records itself and beside that prints what the recorder and the
 * core counted, so that a test can hold one against the other.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tests/source_next.h"
#include "tracer/event/event_names.h"
#include "tracer/symbol/symtab.h"

/* Linux maps its image into the last 2 GiB. */
#define KERNEL_IMAGE	0xffffffff80000000ull

struct facts {
	uint64_t records[256];	/* by event id */
	uint64_t reason[EXIT_REASONS];
	uint64_t missed;
	uint64_t kernel, resolved; /* exits at CPL 0 since paging was set up */
	bool kernel_seen;
	unsigned int vm_state;
	uint64_t first_tsc, last_tsc;
};

static void vmexit_count(struct facts *f, const struct event_vmexit *e,
			 const struct symtab *symtab)
{
	if (e->reason < EXIT_REASONS)
		f->reason[e->reason]++;
	if (EVENT_CPL(e->cpl_known) != 0)
		return;
	if (e->rip >= KERNEL_IMAGE)
		f->kernel_seen = true;
	if (!f->kernel_seen)
		return;
	f->kernel++;
	if (symtab && symtab_lookup(symtab, e->rip))
		f->resolved++;
	else
		printf("unresolved %#llx %s\n", e->rip,
		       event_exit_reason_name(e->reason));
}

static void event_count(struct facts *f, const struct event_header *ev,
			const struct symtab *symtab)
{
	f->records[ev->id]++;
	if (!f->first_tsc)
		f->first_tsc = ev->tsc;
	if (ev->tsc > f->last_tsc)
		f->last_tsc = ev->tsc;
	if (ev->id == EVENT_VMEXIT)
		vmexit_count(f, (const struct event_vmexit *)ev, symtab);
	else if (ev->id == EVENT_LOST)
		f->missed += ((const struct event_lost *)ev)->missed;
	else if (ev->id == EVENT_VM_STATE)
		f->vm_state = ((const struct event_vm_state *)ev)->state;
	else if (ev->id == EVENT_HYPERCALL)
		printf("hypercall %#llx %#llx %#llx %#llx %#llx = %lld\n",
		       ((const struct event_hypercall *)ev)->number,
		       ((const struct event_hypercall *)ev)->args[0],
		       ((const struct event_hypercall *)ev)->args[1],
		       ((const struct event_hypercall *)ev)->args[2],
		       ((const struct event_hypercall *)ev)->args[3],
		       ((const struct event_hypercall *)ev)->result);
}

static void facts_print(const struct facts *f, const struct source *s)
{
	const struct trace_end *end = source_end(s);
	const struct origin_vm *vm = origin_vm(source_origin(s), 0);
	size_t processes;
	uint64_t at;

	printf("cut %d\n", source_was_cut(s, &at));
	printf("vmexit %lu\n", f->records[EVENT_VMEXIT]);
	printf("tlb_flush %lu\n", f->records[EVENT_TLB_FLUSH]);
	printf("hypercalls %lu\n", f->records[EVENT_HYPERCALL]);
	printf("vm_state %s\n", event_vm_state_name(f->vm_state));
	printf("missed %lu\n", f->missed);
	printf("kernel_exits %lu\n", f->kernel);
	printf("kernel_resolved %lu\n", f->resolved);
	printf("first_tsc %lu\n", f->first_tsc);
	printf("last_tsc %lu\n", f->last_tsc);
	printf("tsc_khz %lu\n", source_origin(s)->clock.tsc_khz);
	for (unsigned int i = 0; vm && i < vm->ranges; i++)
		printf("device.%s %llu\n", vm->range[i].name,
		       vm->range[i].base);
	source_processes(s, 0, &processes);
	printf("process_changes %zu\n", processes);
	for (unsigned int i = 0; i < EXIT_REASONS; i++)
		if (f->reason[i])
			printf("reason.%s %lu\n", event_exit_reason_name(i),
			       f->reason[i]);
	if (!end)
		return;
	printf("core.vmexit %llu\n", end->exits);
	printf("core.tlb_flush %llu\n", end->tlb_flushes);
	printf("core.hypercalls %llu\n", end->hypercalls);
	for (unsigned int cpu = 0; cpu < source_cpus(s); cpu++) {
		struct source_cpu_counts c;

		source_counts(s, cpu, &c);
		printf("cpu%u.written %lu\n", cpu, c.written);
		printf("cpu%u.read %lu\n", cpu, c.read);
		printf("cpu%u.missed %lu\n", cpu, c.missed);
	}
}

/* Symbols may stand behind the events that need them: two passes. */
static struct symtab *symbols_of(const char *path)
{
	const struct event_header *ev;
	struct symtab *t = NULL;
	const char *why, *text;
	unsigned int cpu;
	size_t bytes;
	struct source *s = source_open_file(path, &why);

	if (!s)
		return NULL;
	while (source_next(s, &ev, &cpu) == 1)
		continue;
	text = source_kallsyms(s, 0, &bytes);
	if (text)
		t = symtab_from_kallsyms(text, bytes, NULL);
	source_close(s);
	return t;
}

static int kallsyms_print(const char *path)
{
	const struct event_header *ev;
	const char *why, *text;
	unsigned int cpu;
	size_t bytes = 0;
	struct source *s = source_open_file(path, &why);

	if (!s) {
		fprintf(stderr, "trace_facts: %s: %s\n", path, why);
		return 1;
	}
	while (source_next(s, &ev, &cpu) == 1)
		continue;
	text = source_kallsyms(s, 0, &bytes);
	if (text)
		fwrite(text, 1, bytes, stdout);
	source_close(s);
	return text ? 0 : 1;
}

/* A line each: TSC, page tables, pid, and the name, if it is not gone. */
static int processes_print(const char *path)
{
	const struct trace_process *p;
	const char *why;
	size_t count;
	struct source *s = source_open_file(path, &why);

	if (!s) {
		fprintf(stderr, "trace_facts: %s: %s\n", path, why);
		return 1;
	}
	p = source_processes(s, 0, &count);
	for (size_t i = 0; i < count; i++)
		printf("%llu %#llx %u %s\n", p[i].from_tsc, p[i].cr3, p[i].pid,
		       p[i].state == TRACE_PROCESS_GONE ? "gone" : p[i].comm);
	source_close(s);
	return count ? 0 : 1;
}

int main(int argc, char **argv)
{
	const struct event_header *ev;
	struct facts facts = { .missed = 0 };
	struct symtab *symtab;
	struct source *s;
	const char *why;
	unsigned int cpu;
	int err;

	if (argc == 3 && strcmp(argv[1], "--kallsyms") == 0)
		return kallsyms_print(argv[2]);
	if (argc == 3 && strcmp(argv[1], "--processes") == 0)
		return processes_print(argv[2]);
	if (argc != 2) {
		fprintf(stderr, "usage: trace_facts [--kallsyms|--processes] "
			"FILE\n");
		return 2;
	}
	symtab = symbols_of(argv[1]);
	s = source_open_file(argv[1], &why);
	if (!s) {
		fprintf(stderr, "trace_facts: %s: %s\n", argv[1], why);
		return 1;
	}
	while ((err = source_next(s, &ev, &cpu)) == 1)
		event_count(&facts, ev, symtab);
	if (err)
		fprintf(stderr, "trace_facts: %s\n", source_error(s));
	facts_print(&facts, s);
	source_close(s);
	symtab_free(symtab);
	return err ? 1 : 0;
}
