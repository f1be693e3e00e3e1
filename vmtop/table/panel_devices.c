/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guests' use of each device, and of addresses where there is none.
 */
#include "vmtop/table/panel.h"

#include <errno.h>

static int device_item(struct item_list *list, const struct watch *w,
		       size_t target, size_t back,
		       const struct snapshot_device *d)
{
	struct item *item = item_add(list, w, target, back);

	if (!item)
		return -ENOMEM;
	item->at.vm = d->vm;
	item->device = d;
	item->cost = d->cost;
	item->reads = d->reads;
	item->writes = d->writes;
	item->bytes = d->bytes;
	item->directed = d->directed;
	item->sized = d->sized;
	return 0;
}

static int devices_items(struct item_list *list, const struct watch *w,
			 size_t back, const struct scope *scope)
{
	int err = 0;

	for (size_t t = 0; t < watch_targets(w); t++) {
		const struct snapshot *snap = item_snapshot(w, t, back, scope);

		for (size_t i = 0; !err && snap && i < snap->devices; i++)
			if (scope_has(scope->vm, snap->device[i].vm))
				err = device_item(list, w, t, back,
						  &snap->device[i]);
	}
	return err;
}

const struct panel panel_devices = {
	.key = '7',
	.name = "devices",
	.title = "Devices",
	.level = PANEL_OF_VM,
	.fields = "vm,device,rate,reads,writes,time,mean,p95,bytes",
	.more = "machine,count,total,share,min,p50,p99,max",
	.sort = "time",
	.empty = "no device was used yet",
	.items = devices_items,
};
