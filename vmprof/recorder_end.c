/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of a recording: why it came, and whether everything was counted
 * that was written.
 */
#include "vmprof/recorder_end.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "command/output.h"
#include "command/status.h"
#include "tracer/event/event_names.h"
#include "vmprof/cmd.h"

/* false: the reader's own sums do not hold. */
static bool counts_sum(const struct recording *r, struct trace_end_cpu *cpus,
		       struct source_cpu_counts *sum)
{
	struct source_cpu_counts one;
	bool good = true;

	*sum = (struct source_cpu_counts){ 0 };
	for (unsigned int cpu = 0; cpu < source_cpus(r->source); cpu++) {
		source_counts(r->source, cpu, &one);
		/* what another's machine goes on writing is not ours */
		if (r->o->attach)
			one.written = one.read + one.missed;
		cpus[cpu] = (struct trace_end_cpu){ .written = one.written,
						    .read = one.read,
						    .missed = one.missed };
		sum->written += one.written;
		sum->read += one.read;
		sum->missed += one.missed;
		if (one.missed)
			recorder_note(r, "CPU %u: missed %" PRIu64 " of %"
				      PRIu64 " events; a larger --ring holds "
				      "more", cpu, one.missed, one.written);
		if (one.written == one.read + one.missed)
			continue;
		cmd_error("CPU %u: %" PRIu64 " events were written, but %"
			  PRIu64 " read and %" PRIu64 " missed; report a bug",
			  cpu, one.written, one.read, one.missed);
		good = false;
	}
	return good;
}

/* Says why the trace does not tell what these exits cost. */
static void pauses_note(const struct recording *r)
{
	const struct host_pauses *p = &r->pauses;
	uint64_t at_ns;

	if (!p->exits)
		return;
	/* to the digit as `vmprof script` has it, to be looked for there */
	at_ns = (uint64_t)((unsigned __int128)p->longest.h.tsc * 1000000 /
			   p->tsc_khz);
	recorder_note(r, "%" PRIu64 " exits hold %.3f s at least in which the "
		      "host did not run the machine; the longest, %.3f s, is "
		      "in an exit by %s at %" PRIu64 ".%09" PRIu64 " s; the "
		      "costs of these exits are recorded as unknown", p->exits,
		      (double)p->total_ns / 1e9, (double)p->longest_ns / 1e9,
		      event_exit_reason_name(p->longest.reason),
		      at_ns / 1000000000, at_ns % 1000000000);
}

bool recorder_finish(struct recording *r)
{
	struct trace_end_cpu cpus[ANCHOR_CPUS_MAX];
	struct source_cpu_counts sum;
	struct tally_counters counters;
	struct trace_end end;
	bool good = counts_sum(r, cpus, &sum);
	int err;

	tally_read_counters(r->machine, &counters);
	end = (struct trace_end){
		.end_tsc = r->tally.last_tsc,
		.machine_state = machine_state(r->machine),
		.cpus = source_cpus(r->source),
		.exits = counters.exits,
		.tlb_flushes = counters.tlb_flushes,
		.hypercalls = counters.hypercalls,
	};
	err = trace_writer_finish(r->writer, &end, cpus);
	if (err) {
		recorder_write_failed(r, err);
		return false;
	}
	if (!r->o->attach)
		good &= tally_agrees(&r->tally, &counters, &sum,
				     end.machine_state == MACHINE_STOPPED);
	if (counters.flags_repaired)
		recorder_note(r, "%" PRIu64 " exits came with impossible "
			      "RFLAGS, which the core repaired as well as can "
			      "be: a guest may misbehave; use QEMU 8.0 or newer",
			      counters.flags_repaired);
	pauses_note(r);
	recorder_note(r, "Captured %" PRIu64 " events (%" PRIu64 " missed) in "
		      "%.1f KiB to %s", sum.read, sum.missed,
		      (double)trace_writer_bytes(r->writer) / 1024,
		      output_name(r->o->output));
	status_say("events", "%" PRIu64, sum.read);
	status_say("missed", "%" PRIu64, sum.missed);
	status_say("bytes", "%" PRIu64, trace_writer_bytes(r->writer));
	return good;
}

static void core_log_print(const struct recording *r)
{
	char *log = machine_core_log(r->machine);

	if (log)
		fprintf(stderr, "%s\n", log);
	free(log);
}

bool recorder_explain(const struct recording *r)
{
	const struct anchor *a = machine_anchor(r->machine);

	if (r->ending == ENDING_DIED &&
	    machine_state(r->machine) == MACHINE_PANICKED) {
		cmd_error("the core failed; its log:");
		core_log_print(r);
		return false;
	}
	if (r->ending == ENDING_DIED) {
		cmd_error("%s", machine_death(r->machine));
		return false;
	}
	for (unsigned int vm = 0; vm < a->vms && vm < ANCHOR_VMS_MAX; vm++) {
		if (a->vm[vm].state == VM_STATE_HALTED)
			recorder_note(r, "guest %.*s ended: all its vCPUs "
				      "halted with interrupts off",
				      (int)sizeof(a->vm[vm].name),
				      a->vm[vm].name);
		if (a->vm[vm].state != VM_STATE_CRASHED)
			continue;
		cmd_error("guest %.*s crashed; the core's log:",
			  (int)sizeof(a->vm[vm].name), a->vm[vm].name);
		core_log_print(r);
	}
	return true;
}
