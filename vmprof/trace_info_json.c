/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a trace file holds, as one JSON object.
 */
#include "vmprof/trace_info.h"

#include <errno.h>
#include <inttypes.h>

#include <jansson.h>

#include "reports/table.h"
#include "tracer/event/event_names.h"

#define TEXT_BYTES 1024

/* jansson's integers have a sign: what does not fit keeps its magnitude. */
static json_t *number(uint64_t n)
{
	return n <= INT64_MAX ? json_integer((json_int_t)n) :
				json_real((double)n);
}

static json_t *text(const char *from)
{
	char safe[TEXT_BYTES];

	table_print_safe(safe, sizeof(safe), from);
	return json_string(safe);
}

static json_t *build_id(const struct trace_machine *m)
{
	char hex[2 * sizeof(m->build_id) + 1];

	for (size_t i = 0; i < sizeof(m->build_id); i++)
		snprintf(hex + 2 * i, 3, "%02x", m->build_id[i]);
	return json_string(hex);
}

static json_t *file_object(const struct trace_info *info)
{
	const struct trace_file_header *h = source_file_header(info->source);

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:i, s:b, s:b, s:b, s:o,"
			 " s:o, s:o, s:o, s:o}",
		"path", text(info->path),
		"created_ns", number(h->created_ns),
		"host", text(h->host),
		"recorder", text(h->recorder),
		"command", text(h->command),
		"version", (int)h->version,
		"complete", !info->damaged && !info->cut,
		"damaged", info->damaged,
		"being_written", source_is_growing(info->source),
		"cut_at_byte", info->cut ? number(info->cut_at_byte) :
					   json_null(),
		"bytes", number(info->sizes.file_bytes),
		"chunks", number(info->sizes.chunks),
		"chunk_stored_bytes", number(info->sizes.stored_bytes),
		"chunk_raw_bytes", number(info->sizes.raw_bytes));
}

static json_t *machine_object(const struct trace_info *info)
{
	const struct trace_machine *m = source_machine(info->source);

	return json_pack("{s:s, s:i, s:o, s:b, s:o}",
		"isa", event_isa_name(m->isa),
		"cpus", m->cpus,
		"tsc_khz", number(m->tsc_khz),
		"deterministic", m->deterministic != 0,
		"core_build_id", build_id(m));
}

static json_t *vms_array(const struct trace_info *info)
{
	const struct trace_machine *m = source_machine(info->source);
	json_t *array = json_array();

	for (unsigned int vm = 0; vm < m->vms && vm < ANCHOR_VMS_MAX; vm++) {
		const struct anchor_vm *v = &m->vm[vm];
		uint64_t bytes = 0;

		for (unsigned int i = 0;
		     i < v->extents && i < ANCHOR_EXTENTS_MAX; i++)
			bytes += v->extent[i].bytes;
		json_array_append_new(array, json_pack(
			"{s:i, s:o, s:i, s:o, s:o, s:o}",
			"vm", (int)vm, "name", text(v->name),
			"vcpus", v->vcpus, "ram_bytes", number(bytes),
			"kernel_symbols", number(info->kernel_symbols[vm]),
			"processes", number(info->processes[vm])));
	}
	return array;
}

static json_t *counts_array(const struct trace_info *info)
{
	json_t *array = json_array();

	for (unsigned int cpu = 0; cpu < source_cpus(info->source); cpu++) {
		struct source_cpu_counts c;

		source_counts(info->source, cpu, &c);
		json_array_append_new(array, json_pack(
			"{s:i, s:o, s:o, s:o}", "cpu", (int)cpu,
			"written", number(c.written), "read", number(c.read),
			"missed", number(c.missed)));
	}
	return array;
}

static json_t *kinds_object(uint64_t exits, uint64_t tlb_flushes,
			    uint64_t hypercalls)
{
	return json_pack("{s:o, s:o, s:o}", "exits", number(exits),
			 "tlb_flushes", number(tlb_flushes),
			 "hypercalls", number(hypercalls));
}

int trace_info_print_json(FILE *to, const struct trace_info *info)
{
	const struct trace_end *end = source_end(info->source);
	const struct tally *t = &info->tally;
	json_t *root = json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"file", file_object(info),
		"machine", machine_object(info),
		"vms", vms_array(info),
		"written", number(info->total.written),
		"read", number(info->total.read),
		"missed", number(info->total.missed),
		"cpus", counts_array(info),
		"records", kinds_object(t->exits, t->tlb_flushes,
					t->hypercalls),
		"core_counted", end ? kinds_object(end->exits, end->tlb_flushes,
						   end->hypercalls) :
				      json_null(),
		"first_tsc", number(t->first_tsc),
		"duration_ns", number(trace_info_duration_ns(info)));
	int failed;

	if (!root)
		return -ENOMEM;
	failed = json_dumpf(root, to, JSON_INDENT(2));
	json_decref(root);
	fputc('\n', to);
	return failed && !ferror(to) ? -ENOMEM : 0;
}
