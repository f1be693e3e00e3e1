/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Helpers of snapshots, and their end.
 */
#include "exit-analyzer/live/snapshot.h"

#include <stdio.h>
#include <stdlib.h>

const uint64_t snapshot_bound_ns[SNAPSHOT_BOUNDS] = {
	100, 200, 500,
	1000, 2000, 5000,
	10000, 20000, 50000,
	100000, 200000, 500000,
	1000000, 2000000, 5000000,
	10000000, 20000000, 50000000,
	100000000, 200000000, 500000000,
	1000000000,
};

const char SNAPSHOT_OTHERS[] = "[others]";

void snapshot_free(struct snapshot *snap)
{
	if (!snap)
		return;
	free(snap->exit);
	free(snap->vcpu);
	free(snap->symbol);
	free(snap->process);
	free(snap->tlb);
	free(snap->hypercall);
	free(snap->device);
	for (size_t i = 0; i < snap->keyeds; i++)
		free(snap->keyed[i].values);
	free(snap->keyed);
	free(snap);
}

void cost_stats_fill(struct cost_stats *cost, const struct histogram *h)
{
	uint64_t log2[HISTOGRAM_LOG2] = { 0 };

	cost->count = h->count;
	cost->cycles = h->sum;
	cost->min = h->min;
	cost->max = h->max;
	cost->p50 = histogram_percentile(h, 500);
	cost->p95 = histogram_percentile(h, 950);
	cost->p99 = histogram_percentile(h, 990);
	histogram_log2(h, log2);
	for (unsigned int i = 0; i < SNAPSHOT_LOG2; i++)
		cost->log2[i] = log2[i];
}

void snapshot_device_print(const struct snapshot_device *d, char *to,
			   size_t bytes)
{
	struct key_text text;

	/* no device is named by the context */
	key_print(NULL, BY_DEVICE, &d->device, &text);
	snprintf(to, bytes, "%s", text.text);
}
