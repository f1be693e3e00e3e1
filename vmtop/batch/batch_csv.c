/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A line for each interval and machine: sums, and a count for every reason.
 */
#include "vmtop/batch/batch.h"

#include <inttypes.h>

#include "tracer/event/event_names.h"
#include "tracer/event/printable.h"
#include "vmtop/table/item.h"

static void heading_print(FILE *to)
{
	fputs("at_s,interval_s,machine,exits,handle_cycles,blocked_cycles,"
	      "tlb_flushes,hypercalls,irqs_injected,records_read,records_missed,"
	      "records_waiting_max,vmtop_cpu_percent", to);
	for (unsigned int r = 0; r < EXIT_REASONS; r++) {
		fputs(",exits_", to);
		for (const char *c = event_exit_reason_name(r); *c; c++)
			fputc(*c == '-' ? '_' : *c, to);
	}
	fputs(",machine_serial,lossy\n", to);
}

static void line_print(FILE *to, const struct snapshot *snap, const char *name,
		       unsigned long serial, const struct watch_status *status)
{
	uint64_t count[EXIT_REASONS] = { 0 };
	struct snapshot_vcpu all = { 0 };

	for (size_t i = 0; i < snap->vcpus; i++) {
		all.exits += snap->vcpu[i].exits;
		all.handle_cycles += snap->vcpu[i].handle_cycles;
		all.blocked_cycles += snap->vcpu[i].blocked_cycles;
		all.tlb_flushes += snap->vcpu[i].tlb_flushes;
		all.hypercalls += snap->vcpu[i].hypercalls;
		all.irqs_injected += snap->vcpu[i].irqs_injected;
		all.irqs_known |= snap->vcpu[i].irqs_known;
	}
	for (size_t i = 0; i < snap->exits; i++)
		if (snap->exit[i].vm == SNAPSHOT_ALL)
			count[snap->exit[i].reason] =
				snap->exit[i].handle.count;
	fprintf(to, "%.6f,%.6f,%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
		",%" PRIu64 ",", snap->at_s, snap->seconds, name, all.exits,
		all.handle_cycles, all.blocked_cycles, all.tlb_flushes,
		all.hypercalls);
	if (all.irqs_known)
		fprintf(to, "%" PRIu64, all.irqs_injected);
	fprintf(to, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",", snap->read,
		snap->missed, snap->waiting);
	/* what we took has no place in what a trace says */
	if (!status->replay)
		fprintf(to, "%.3f", 100 * status->own_cpu);
	for (unsigned int r = 0; r < EXIT_REASONS; r++)
		fprintf(to, ",%" PRIu64, count[r]);
	fprintf(to, ",%lu,%d\n", serial, snap->lossy);
}

static int interval_print(FILE *to, const struct watch *w)
{
	struct watch_status status;

	watch_status(w, &status);
	for (size_t t = 0; t < watch_targets(w); t++) {
		const struct snapshot *snap = watch_past(w, t, 0);
		char name[ITEM_NAME_BYTES];

		if (!snap)
			continue;
		printable_text(name, sizeof(name), watch_name(w, t));
		for (char *c = name; *c; c++)
			if (*c == ',' || *c == '"')
				*c = '?';
		line_print(to, snap, name, watch_serial(w, t), &status);
	}
	return 0;
}

const struct batch_format batch_csv = {
	.begin = heading_print,
	.interval = interval_print,
};
