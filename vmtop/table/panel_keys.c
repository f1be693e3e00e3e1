/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits by the keys that were chosen: a row for each of their values.
 */
#include "vmtop/table/panel.h"

#include <errno.h>

static int keyed_item(struct item_list *list, const struct watch *w,
		      size_t target, size_t back,
		      const struct snapshot_keyed *k)
{
	struct item *item = item_add(list, w, target, back);

	if (!item)
		return -ENOMEM;
	item->keyed = k;
	item->cost.count = k->count;
	item->cost.cycles = k->cycles;
	item->cost.max = k->max_cycles;
	return 0;
}

static int keys_items(struct item_list *list, const struct watch *w,
		      size_t back, const struct scope *scope)
{
	int err = 0;

	for (size_t t = 0; t < watch_targets(w); t++) {
		const struct snapshot *snap = item_snapshot(w, t, back, scope);

		for (size_t i = 0; !err && snap && i < snap->keyeds; i++)
			err = keyed_item(list, w, t, back, &snap->keyed[i]);
	}
	return err;
}

const struct panel panel_keys = {
	.name = "keys",
	.title = "By key",
	.level = PANEL_OF_MACHINE,
	.fields = "keys,rate,share,time,mean,max,count",
	.more = "machine",
	.sort = "time",
	.empty = "no exits in this interval",
	.items = keys_items,
};
