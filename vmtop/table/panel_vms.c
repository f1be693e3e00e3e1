/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The VMs of all machines: what they do and what it costs.
 */
#include "vmtop/table/panel.h"

#include <errno.h>

static void vcpu_add(struct item *item, const struct snapshot_vcpu *v)
{
	item->cost.count += v->exits;
	item->cost.total += v->exits_total;
	item->cost.cycles += v->handle_cycles;
	item->blocked_cycles += v->blocked_cycles;
	item->tlb_flushes += v->tlb_flushes;
	item->hypercalls += v->hypercalls;
	item->irqs_injected += v->irqs_injected;
	item->irqs_known |= v->irqs_known;
	if (v->running > item->running)
		item->running = v->running;
}

static int vm_item(struct item_list *list, const struct watch *w,
		   size_t target, size_t back, int vm)
{
	const struct snapshot *snap = watch_past(w, target, back);
	struct item *item = item_add(list, w, target, back);

	if (!item)
		return -ENOMEM;
	item->at.vm = vm;
	item->state = snap->vm[vm].state;
	item->vcpus = snap->vm[vm].vcpus;
	item->ram_bytes = snap->vm[vm].ram_bytes;
	item->missed = snap->missed_total;
	for (size_t i = 0; i < snap->vcpus; i++)
		if (snap->vcpu[i].vm == vm)
			vcpu_add(item, &snap->vcpu[i]);
	return 0;
}

static int vms_items(struct item_list *list, const struct watch *w,
		     size_t back, const struct scope *scope)
{
	int err = 0;

	for (size_t t = 0; t < watch_targets(w); t++) {
		const struct snapshot *snap = item_snapshot(w, t, back, scope);

		for (unsigned int vm = 0; !err && snap && vm < snap->vms; vm++)
			err = vm_item(list, w, t, back, vm);
	}
	return err;
}

const struct panel panel_vms = {
	.key = '1',
	.name = "vms",
	.title = "VMs",
	.level = PANEL_OF_MACHINE,
	.fields = "vm,state,vcpus,cpu,hyp,rate,tlb,calls,irqs,missed",
	.more = "machine,ram,count,total,share,time,mean,blocked",
	.sort = "rate",
	.empty = "no VM",
	.next = &panel_vcpus,
	.items = vms_items,
};
