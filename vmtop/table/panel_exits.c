/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits by reason, of a vCPU, of a VM or of a machine.
 */
#include "vmtop/table/panel.h"

#include <errno.h>

static bool is_scope(const struct snapshot_exit *e, const struct scope *scope)
{
	return e->vm == scope->vm && e->vcpu == scope->vcpu;
}

static int exit_item(struct item_list *list, const struct watch *w,
		     size_t target, size_t back, const struct snapshot_exit *e)
{
	struct item *item = item_add(list, w, target, back);

	if (!item)
		return -ENOMEM;
	item->at.vm = e->vm;
	item->at.vcpu = e->vcpu;
	item->at.reason = e->reason;
	item->cost = e->handle;
	item->blocked_cycles = e->blocked_cycles;
	return 0;
}

static int exits_items(struct item_list *list, const struct watch *w,
		       size_t back, const struct scope *scope)
{
	int err = 0;

	for (size_t t = 0; t < watch_targets(w); t++) {
		const struct snapshot *snap = item_snapshot(w, t, back, scope);

		for (size_t i = 0; !err && snap && i < snap->exits; i++)
			if (is_scope(&snap->exit[i], scope))
				err = exit_item(list, w, t, back,
						&snap->exit[i]);
	}
	return err;
}

const struct panel panel_exits = {
	.key = '3',
	.name = "exits",
	.title = "Exits",
	.level = PANEL_OF_VCPU,
	.fields = "reason,rate,time,mean,p50,p95,p99,max,minute",
	/* no bars: they are for a screen */
	.printed = "reason,rate,time,mean,p50,p95,p99,max,count",
	.more = "machine,vm,vcpu,count,total,share,min,blocked",
	.sort = "time",
	.empty = "no exits yet",
	.histogram = true,
	.next = &panel_symbols,
	.items = exits_items,
};
