/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual CPUs: which runs, which waits, which leaves its guest most.
 */
#include "vmtop/table/panel.h"

#include <errno.h>

static int vcpu_item(struct item_list *list, const struct watch *w,
		     size_t target, size_t back, const struct snapshot_vcpu *v)
{
	struct item *item = item_add(list, w, target, back);

	if (!item)
		return -ENOMEM;
	item->at.vm = v->vm;
	item->at.vcpu = v->vcpu;
	item->cost.count = v->exits;
	item->cost.total = v->exits_total;
	item->cost.cycles = v->handle_cycles;
	item->blocked_cycles = v->blocked_cycles;
	item->running = v->running;
	item->last_reason = v->last_reason;
	item->tlb_flushes = v->tlb_flushes;
	item->hypercalls = v->hypercalls;
	item->irqs_injected = v->irqs_injected;
	item->irqs_known = v->irqs_known;
	item->missed = item->snap->missed_total;
	item->vcpus = 1;
	return 0;
}

static int vcpus_items(struct item_list *list, const struct watch *w,
		       size_t back, const struct scope *scope)
{
	int err = 0;

	for (size_t t = 0; t < watch_targets(w); t++) {
		const struct snapshot *snap = item_snapshot(w, t, back, scope);

		for (size_t i = 0; !err && snap && i < snap->vcpus; i++)
			if (scope_has(scope->vm, snap->vcpu[i].vm))
				err = vcpu_item(list, w, t, back,
						&snap->vcpu[i]);
	}
	return err;
}

const struct panel panel_vcpus = {
	.key = '2',
	.name = "vcpus",
	.title = "vCPUs",
	.level = PANEL_OF_VM,
	.fields = "vm,vcpu,run,cpu,hyp,rate,last,tlb,calls,irqs",
	.more = "machine,count,total,share,time,mean,blocked,missed",
	.sort = "rate",
	.empty = "no vCPU",
	.next = &panel_exits,
	.items = vcpus_items,
};
