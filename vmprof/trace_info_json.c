/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints what a trace file holds as one JSON object.
 */
#include "vmprof/trace_info.h"

#include "reports/damage_json.h"
#include "reports/json_out.h"
#include "reports/table.h"
#include "tracer/event/event_names.h"
#include "tracer/event/printable.h"

#define TEXT_BYTES 1024

static void safe_text(struct json_out *j, const char *name, const char *from)
{
	char safe[TEXT_BYTES];

	printable_text(safe, sizeof(safe), from);
	json_out_text(j, name, safe);
}

static void build_id(struct json_out *j, const struct origin *o)
{
	char hex[2 * sizeof(o->build_id) + 1];

	for (size_t i = 0; i < sizeof(o->build_id); i++)
		snprintf(hex + 2 * i, 3, "%02x", o->build_id[i]);
	json_out_text(j, "core_build_id", hex);
}

static void file_object(struct json_out *j, const struct trace_info *info)
{
	const struct trace_file_header *h = source_file_header(info->source);
	bool damaged = info->damages || info->failed;

	json_out_object(j, "file");
	safe_text(j, "path", info->path);
	json_out_number(j, "created_ns", h->created_ns);
	safe_text(j, "host", h->host);
	safe_text(j, "recorder", h->recorder);
	safe_text(j, "command", h->command);
	json_out_number(j, "version", h->version);
	json_out_bool(j, "complete", !damaged && !info->cut);
	json_out_bool(j, "damaged", damaged);
	damage_json(j, info->damage, info->damages);
	json_out_bool(j, "being_written", source_is_growing(info->source));
	if (info->cut)
		json_out_number(j, "cut_at_byte", info->cut_at_byte);
	else
		json_out_null(j, "cut_at_byte");
	json_out_number(j, "bytes", info->sizes.file_bytes);
	json_out_number(j, "chunks", info->sizes.chunks);
	json_out_number(j, "chunk_stored_bytes", info->sizes.stored_bytes);
	json_out_number(j, "chunk_raw_bytes", info->sizes.raw_bytes);
	json_out_object_end(j);
}

static void machine_object(struct json_out *j, const struct trace_info *info)
{
	const struct origin *o = source_origin(info->source);

	json_out_object(j, "machine");
	json_out_text(j, "isa", origin_isa_name(o));
	json_out_number(j, "cpus", o->cpus);
	json_out_number(j, "tsc_khz", o->clock.tsc_khz);
	json_out_bool(j, "deterministic", o->clock.deterministic);
	build_id(j, o);
	json_out_object_end(j);
}

static void vms_array(struct json_out *j, const struct trace_info *info)
{
	const struct origin *o = source_origin(info->source);

	json_out_array(j, "vms");
	for (unsigned int vm = 0; vm < o->vms; vm++) {
		const struct origin_vm *v = &o->vm[vm];
		uint64_t bytes = origin_vm_ram_bytes(v);

		json_out_object(j, NULL);
		json_out_number(j, "vm", vm);
		safe_text(j, "name", v->name);
		json_out_number(j, "vcpus", v->vcpus);
		json_out_number(j, "ram_bytes", bytes);
		json_out_number(j, "kernel_symbols", info->kernel_symbols[vm]);
		json_out_number(j, "processes", info->processes[vm]);
		json_out_object_end(j);
	}
	json_out_array_end(j);
}

static void counts_members(struct json_out *j,
			   const struct source_cpu_counts *c)
{
	json_out_number(j, "written", c->written);
	json_out_number(j, "read", c->read);
	json_out_number(j, "missed", c->missed);
}

static void counts_array(struct json_out *j, const struct trace_info *info)
{
	json_out_array(j, "cpus");
	for (unsigned int cpu = 0; cpu < source_cpus(info->source); cpu++) {
		struct source_cpu_counts c;

		source_counts(info->source, cpu, &c);
		json_out_object(j, NULL);
		json_out_number(j, "cpu", cpu);
		counts_members(j, &c);
		json_out_object_end(j);
	}
	json_out_array_end(j);
}

static void kinds_object(struct json_out *j, const char *name, uint64_t exits,
			 uint64_t tlb_flushes, uint64_t hypercalls)
{
	json_out_object(j, name);
	json_out_number(j, "exits", exits);
	json_out_number(j, "tlb_flushes", tlb_flushes);
	json_out_number(j, "hypercalls", hypercalls);
	json_out_object_end(j);
}

int trace_info_print_json(FILE *to, const struct trace_info *info)
{
	const struct trace_end *end = source_end(info->source);
	const struct tally *t = &info->tally;
	struct json_out j;

	json_out_init(&j, to);
	json_out_object(&j, NULL);
	file_object(&j, info);
	machine_object(&j, info);
	vms_array(&j, info);
	counts_members(&j, &info->total);
	counts_array(&j, info);
	kinds_object(&j, "records", t->exits, t->tlb_flushes, t->hypercalls);
	if (end)
		kinds_object(&j, "core_counted", end->exits, end->tlb_flushes,
			     end->hypercalls);
	else
		json_out_null(&j, "core_counted");
	json_out_number(&j, "disordered", info->disordered);
	json_out_number(&j, "first_tsc", t->first_tsc);
	json_out_number(&j, "duration_ns", trace_info_duration_ns(info));
	json_out_object_end(&j);
	json_out_flush(&j);
	return 0;
}
