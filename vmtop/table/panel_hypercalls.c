/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hypercalls by number, of each VM.
 */
#include "vmtop/table/panel.h"

#include <errno.h>

static int call_item(struct item_list *list, const struct watch *w,
		     size_t target, size_t back,
		     const struct snapshot_hypercall *call)
{
	struct item *item = item_add(list, w, target, back);

	if (!item)
		return -ENOMEM;
	item->at.vm = call->vm;
	item->number = call->number;
	item->cost = call->cost;
	return 0;
}

static int hypercalls_items(struct item_list *list, const struct watch *w,
			    size_t back, const struct scope *scope)
{
	int err = 0;

	for (size_t t = 0; t < watch_targets(w); t++) {
		const struct snapshot *snap = item_snapshot(w, t, back, scope);

		for (size_t i = 0; !err && snap && i < snap->hypercalls; i++)
			if (scope_has(scope->vm, snap->hypercall[i].vm))
				err = call_item(list, w, t, back,
						&snap->hypercall[i]);
	}
	return err;
}

const struct panel panel_hypercalls = {
	.key = '6',
	.name = "hypercalls",
	.title = "Hypercalls",
	.level = PANEL_OF_VM,
	.fields = "vm,number,call,rate,mean,p50,p99,max",
	.more = "machine,count,total,share,time,min,p95",
	.sort = "rate",
	.empty = "no hypercall yet",
	.items = hypercalls_items,
};
