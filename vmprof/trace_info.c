/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Gathers what a trace file holds, in one pass.
 */
#include "vmprof/trace_info.h"

#include <errno.h>
#include <string.h>

#include "command/output.h"
#include "tracer/symbol/process_map.h"
#include "vmprof/cmd.h"

static void records_read(struct trace_info *info)
{
	struct event_run run;
	unsigned int cpu;
	int more;

	while ((more = source_read(info->source, &run)) > 0)
		for (unsigned int i = 0; i < run.count; i++)
			tally_add(&info->tally, event_run_record(run.first, i));
	if (more < 0) {
		cmd_error("cannot read all of %s: %s; showing what was read",
			  info->path, source_error(info->source));
		info->failed = true;
	}
	for (cpu = 0; cpu < source_cpus(info->source); cpu++) {
		struct source_cpu_counts one;

		source_counts(info->source, cpu, &one);
		info->total.written += one.written;
		info->total.read += one.read;
		info->total.missed += one.missed;
	}
	info->damage = source_damage(info->source, &info->damages);
	info->disordered = source_disordered(info->source);
	info->cut = source_was_cut(info->source, &info->cut_at_byte);
}

static uint64_t lines_count(const char *text, size_t bytes)
{
	const char *end = text + bytes;
	uint64_t lines = 0;

	while (text < end && (text = memchr(text, '\n', end - text))) {
		text++;
		lines++;
	}
	return lines;
}

/* By pid and name, those of user mode. */
static bool processes_count(struct trace_info *info)
{
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++) {
		const struct trace_process *changes;
		const struct process_name *name;
		struct process_map *map;
		size_t count;

		changes = source_processes(info->source, vm, &count);
		map = process_map_new(changes, count);
		if (!map)
			return false;
		name = process_map_names(map, &count);
		for (size_t i = 0; i < count; i++)
			info->processes[vm] += name[i].pid != 0;
		process_map_free(map);
	}
	return true;
}

bool trace_info_gather(struct trace_info *info, const char *path)
{
	const char *why = NULL, *text;
	size_t bytes;

	*info = (struct trace_info){ .path = input_name(path) };
	info->source = source_open_file(path, &why);
	if (!info->source) {
		cmd_error("cannot read %s: %s", info->path,
			  why ? why : strerror(errno));
		return false;
	}
	info->sizes = source_sizes(info->source);
	records_read(info);
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++) {
		text = source_kallsyms(info->source, vm, &bytes);
		if (text)
			info->kernel_symbols[vm] = lines_count(text, bytes);
	}
	if (!processes_count(info)) {
		cmd_error("out of memory");
		trace_info_release(info);
		return false;
	}
	return true;
}

void trace_info_release(struct trace_info *info)
{
	source_close(info->source);
	info->source = NULL;
}

uint64_t trace_info_duration_ns(const struct trace_info *info)
{
	uint64_t khz = source_origin(info->source)->clock.tsc_khz;
	uint64_t cycles = info->tally.last_tsc - info->tally.first_tsc;

	return khz ? (uint64_t)((unsigned __int128)cycles * 1000000 / khz) : 0;
}
