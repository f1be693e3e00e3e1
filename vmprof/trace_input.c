/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opening a trace for report and script.
 */
#include "vmprof/trace_input.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "command/output.h"
#include "vmprof/cmd.h"

static int source_begin(struct trace_input *in, const char *path)
{
	const char *why = NULL;
	int err;

	memset(in, 0, sizeof(*in));
	in->path = input_name(path);
	errno = 0;
	in->source = source_open_file(path, &why);
	if (in->source)
		return 0;
	err = errno ? -errno : -EIO;
	cmd_error("cannot read %s: %s", in->path, why ? why : strerror(-err));
	return err;
}

static int symbols_load(struct trace_input *in)
{
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++) {
		size_t bytes, bad_lines = 0;
		const char *text = source_kallsyms(in->source, vm, &bytes);

		if (!text)
			continue;
		guest_use_symbols(&in->guests[vm],
				  symtab_from_kallsyms(text, bytes,
						       &bad_lines));
		if (!in->guests[vm].symtab) {
			cmd_error("cannot load the symbols of vm %u in %s: %m",
				  vm, in->path);
			return -ENOMEM;
		}
		if (bad_lines)
			cmd_error("%zu symbols of vm %u in %s make no sense and "
				  "are left out", bad_lines, vm, in->path);
	}
	return 0;
}

static void processes_end_say(const struct trace_input *in, unsigned int vm)
{
	uint64_t tsc = process_map_unwatched_tsc(in->guests[vm].processes);

	if (tsc != UINT64_MAX)
		cmd_error("%s holds no more processes of vm%u from %.6f s on: "
			  "the guest had too many; later exits are of "
			  "[unknown]", in->path, vm,
			  (double)tsc / source_origin(in->source)->clock.tsc_khz /
			  1000);
}

static int processes_load(struct trace_input *in)
{
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++) {
		const struct trace_process *changes;
		size_t count;

		changes = source_processes(in->source, vm, &count);
		guest_use_processes(&in->guests[vm],
				    process_map_new(changes, count));
		if (!in->guests[vm].processes) {
			cmd_error("cannot load the processes in %s: out of "
				  "memory", in->path);
			return -ENOMEM;
		}
		processes_end_say(in, vm);
	}
	return 0;
}

int trace_input_open(struct trace_input *in, const char *path)
{
	int err = source_begin(in, path);

	if (!err)
		err = symbols_load(in) ?: processes_load(in);
	if (err)
		trace_input_close(in);
	return err;
}

int trace_input_read(struct trace_input *in, struct event_run *run)
{
	int more = source_read(in->source, run);

	if (more < 0)
		cmd_error("cannot read %s: %s", in->path,
			  source_error(in->source));
	return more;
}

bool trace_input_has_processes(const struct trace_input *in)
{
	size_t count = 0;

	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX && !count; vm++)
		process_map_names(in->guests[vm].processes, &count);
	return count;
}

/* More than these are counted only. */
#define DAMAGE_LINES 8

static void damage_tell(const struct trace_input *in,
			const struct report_trace *trace)
{
	char text[TRACE_DAMAGE_TEXT_BYTES];
	size_t i;

	for (i = 0; i < trace->damages && i < DAMAGE_LINES; i++) {
		trace_damage_text(&trace->damage[i], trace->origin->clock.tsc_khz,
				  text, sizeof(text));
		cmd_error("%s is damaged from %s; going on with the rest",
			  in->path, text);
	}
	if (i < trace->damages)
		cmd_error("%s is damaged in %zu more places", in->path,
			  trace->damages - i);
}

int trace_input_describe(struct trace_input *in, struct report_trace *trace)
{
	memset(trace, 0, sizeof(*trace));
	trace->file = source_file_header(in->source);
	trace->origin = source_origin(in->source);
	trace->end = source_end(in->source);
	for (unsigned int i = 0; i < source_cpus(in->source); i++) {
		struct source_cpu_counts counts;

		source_counts(in->source, i, &counts);
		trace->written += counts.written;
		trace->read += counts.read;
		trace->missed += counts.missed;
	}
	trace->cut = source_was_cut(in->source, &trace->cut_at_byte);
	trace->zero_bytes = source_sizes(in->source).zero_bytes;
	trace->being_written = source_is_growing(in->source);
	trace->damage = source_damage(in->source, &trace->damages);
	trace->disordered = source_disordered(in->source);
	damage_tell(in, trace);
	if (trace->disordered)
		cmd_error("%s: %" PRIu64 " records ended before one that stands "
			  "before them: the clock went backwards, and times are "
			  "doubtful", in->path, trace->disordered);
	if (trace->cut && trace->being_written)
		cmd_error("%s is being recorded; going on with what was there, "
			  "up to byte %" PRIu64, in->path, trace->cut_at_byte);
	else if (trace->cut)
		cmd_error("%s was cut: it ends at byte %" PRIu64
			  " without its end%s; going on with what is there",
			  in->path, trace->cut_at_byte,
			  trace->zero_bytes ? ", in zeroes" : "");
	return trace->damages ? -EBADMSG : 0;
}

void trace_input_close(struct trace_input *in)
{
	source_close(in->source);
	in->source = NULL;
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++)
		guest_exit(&in->guests[vm]);
}
