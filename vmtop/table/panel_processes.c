/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits by the guest process that ran; vCPUs are added up.
 */
#include "vmtop/table/panel.h"

#include <errno.h>
#include <string.h>

#include "exit-analyzer/stats/row_table.h"

/* The row of the same process since `first`, of whatever vCPU, or a new one. */
static int process_item(struct item_list *list, size_t first,
			struct row_table *seen, const struct watch *w,
			size_t target, size_t back,
			const struct snapshot_process *p)
{
	uint64_t key[4] = { p->vm, p->pid };
	struct item *item;
	ssize_t row;

	memcpy(&key[2], p->comm, sizeof(p->comm));
	row = row_table_find(seen, key);
	if (row < 0)
		return row;
	if (first + row == list->count) {
		item = item_add(list, w, target, back);
		if (!item)
			return -ENOMEM;
		item->at.vm = p->vm;
		item->process = p;
	}
	item = &list->item[first + row];
	item->cost.count += p->count;
	item->cost.cycles += p->cycles;
	return 0;
}

static int target_items(struct item_list *list, const struct watch *w,
			size_t target, size_t back, const struct scope *scope)
{
	const struct snapshot *snap = item_snapshot(w, target, back, scope);
	size_t first = list->count;
	struct row_table seen;
	int err;

	if (!snap)
		return 0;
	err = row_table_init(&seen, 4);
	for (size_t i = 0; !err && i < snap->processes; i++) {
		const struct snapshot_process *p = &snap->process[i];

		if (scope_has(scope->vm, p->vm) &&
		    scope_has(scope->vcpu, p->vcpu))
			err = process_item(list, first, &seen, w, target, back,
					   p);
	}
	row_table_exit(&seen);
	return err;
}

static int processes_items(struct item_list *list, const struct watch *w,
			   size_t back, const struct scope *scope)
{
	int err = 0;

	for (size_t t = 0; !err && t < watch_targets(w); t++)
		err = target_items(list, w, t, back, scope);
	return err;
}

const struct panel panel_processes = {
	.key = '8',
	.name = "processes",
	.title = "Procs",	/* eight panels are to fit 80 columns */
	.level = PANEL_OF_VCPU,
	.fields = "process,pid,vm,rate,share,time,mean",
	.more = "machine,count",
	.sort = "time",
	.empty = "no process is known in this interval",
	.items = processes_items,
};
