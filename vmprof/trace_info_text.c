/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints what a trace file holds, for people.
 */
#include "vmprof/trace_info.h"

#include <inttypes.h>
#include <time.h>

#include "reports/table.h"
#include "tracer/event/event_names.h"
#include "tracer/event/printable.h"

#define TEXT_BYTES 1024

static void line_text(FILE *to, const char *name, const char *value)
{
	char safe[TEXT_BYTES];

	printable_text(safe, sizeof(safe), value);
	fprintf(to, "%-14s %s\n", name, safe);
}

static void print_file(FILE *to, const struct trace_info *info)
{
	const struct trace_file_header *h = source_file_header(info->source);
	time_t created = (time_t)(h->created_ns / 1000000000);
	struct tm tm;
	char date[32];

	line_text(to, "file", info->path);
	/* other programs' files seldom tell */
	if (!h->created_ns || !gmtime_r(&created, &tm) ||
	    !strftime(date, sizeof(date), "%F %T UTC", &tm))
		snprintf(date, sizeof(date), "at no known time");
	line_text(to, "recorded", date);
	line_text(to, "on host", h->host);
	line_text(to, "by", h->recorder);
	line_text(to, "command", h->command);
	if (source_is_foreign(info->source))
		fprintf(to, "%-14s not a trace: 'vmprof import' makes one\n",
			"version");
	else
		fprintf(to, "%-14s %u\n", "version", h->version);
	if (info->damages || info->failed)
		fprintf(to, "%-14s damaged\n", "state");
	else if (info->cut && source_is_growing(info->source))
		fprintf(to, "%-14s being recorded; this is what was there, up to "
			"byte %" PRIu64 "\n", "state", info->cut_at_byte);
	else if (info->cut)
		fprintf(to, "%-14s cut at byte %" PRIu64 ": its end is missing"
			"\n", "state", info->cut_at_byte);
	else
		fprintf(to, "%-14s complete\n", "state");
	for (size_t i = 0; i < info->damages; i++) {
		char text[TRACE_DAMAGE_TEXT_BYTES];

		trace_damage_text(&info->damage[i],
				  source_origin(info->source)->clock.tsc_khz, text,
				  sizeof(text));
		fprintf(to, "%-14s %s\n", "damaged", text);
	}
	fprintf(to, "%-14s %" PRIu64 " bytes", "size", info->sizes.file_bytes);
	if (info->sizes.chunks)
		fprintf(to, " in %" PRIu64 " chunks", info->sizes.chunks);
	if (info->sizes.stored_bytes)
		fprintf(to, ", compressed 1 : %.1f", (double)info->sizes.raw_bytes /
			(double)info->sizes.stored_bytes);
	fputc('\n', to);
}

static void print_machine(FILE *to, const struct trace_info *info)
{
	const struct origin *o = source_origin(info->source);

	fprintf(to, "%-14s %s, %u CPU%s, TSC %" PRIu64 ".%03" PRIu64 " MHz%s\n",
		"machine", origin_isa_name(o), o->cpus,
		o->cpus == 1 ? "" : "s", o->clock.tsc_khz / 1000,
		o->clock.tsc_khz % 1000,
		o->clock.deterministic ? ", deterministic" : "");
	/* all of the core's traces have one */
	if (o->abi_hash) {
		fprintf(to, "%-14s ", "core build-id");
		for (size_t i = 0; i < sizeof(o->build_id); i++)
			fprintf(to, "%02x", o->build_id[i]);
		fputc('\n', to);
	}
	for (unsigned int vm = 0; vm < o->vms; vm++) {
		const struct origin_vm *v = &o->vm[vm];
		char name[sizeof(v->name)];
		uint64_t bytes = origin_vm_ram_bytes(v);

		printable_text(name, sizeof(name), v->name);
		fprintf(to, "%-14s %u: %s, %u vCPU%s, %" PRIu64 " MiB RAM, ",
			"guest", vm, name, v->vcpus, v->vcpus == 1 ? "" : "s",
			bytes >> 20);
		if (info->kernel_symbols[vm])
			fprintf(to, "%" PRIu64 " kernel symbols",
				info->kernel_symbols[vm]);
		else
			fprintf(to, "no kernel symbols");
		if (info->processes[vm])
			fprintf(to, ", %" PRIu64 " processes",
				info->processes[vm]);
		fputc('\n', to);
	}
}

static void print_counts(FILE *to, const struct trace_info *info)
{
	const struct trace_end *end = source_end(info->source);
	const struct tally *t = &info->tally;
	uint64_t us = (trace_info_duration_ns(info) + 500) / 1000;

	fprintf(to, "%-14s %" PRIu64 ".%06" PRIu64 " s\n", "time span",
		us / 1000000, us % 1000000);
	fprintf(to, "%-14s %" PRIu64 " exits, %" PRIu64 " TLB flushes, %" PRIu64
		" hypercalls, %" PRIu64 " VM states\n", "records", t->exits,
		t->tlb_flushes, t->hypercalls, t->vm_states);
	if (end && source_origin(info->source)->abi_hash)
		fprintf(to, "%-14s %" PRIu64 " exits, %" PRIu64 " TLB flushes, "
			"%" PRIu64 " hypercalls, since boot\n", "core counted",
			(uint64_t)end->exits, (uint64_t)end->tlb_flushes,
			(uint64_t)end->hypercalls);
	if (info->disordered)
		fprintf(to, "%-14s %" PRIu64 " records ended before one that "
			"stands before them; times are doubtful\n",
			"out of order", info->disordered);
	fprintf(to, "\n%4s %14s %14s %14s\n", "CPU", "written", "read",
		"missed");
	for (unsigned int cpu = 0; cpu < source_cpus(info->source); cpu++) {
		struct source_cpu_counts c;

		source_counts(info->source, cpu, &c);
		fprintf(to, "%4u %14" PRIu64 " %14" PRIu64 " %14" PRIu64 "\n",
			cpu, c.written, c.read, c.missed);
	}
}

int trace_info_print_text(FILE *to, const struct trace_info *info)
{
	print_file(to, info);
	print_machine(to, info);
	print_counts(to, info);
	return 0;
}
