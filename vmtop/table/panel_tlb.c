/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TLB flushes by ASID or VPID, cause and scope; vCPUs are added up.
 */
#include "vmtop/table/panel.h"

#include <errno.h>

static bool is_flush(const struct item *item, const struct snapshot_tlb *f)
{
	return item->at.vm == f->vm && item->asid == f->asid &&
		item->tlb_scope == f->scope && item->tlb_cause == f->cause &&
		item->guest == f->guest;
}

static int flush_item(struct item_list *list, size_t first,
		      const struct watch *w, size_t target, size_t back,
		      const struct snapshot_tlb *f)
{
	struct item *item = NULL;

	for (size_t i = first; i < list->count && !item; i++)
		if (is_flush(&list->item[i], f))
			item = &list->item[i];
	if (!item) {
		item = item_add(list, w, target, back);
		if (!item)
			return -ENOMEM;
		item->at.vm = f->vm;
		item->asid = f->asid;
		item->tlb_scope = f->scope;
		item->tlb_cause = f->cause;
		item->guest = f->guest;
	}
	item->cost.count += f->count;
	item->cost.total += f->total;
	return 0;
}

static int tlb_items(struct item_list *list, const struct watch *w,
		     size_t back, const struct scope *scope)
{
	int err = 0;

	for (size_t t = 0; t < watch_targets(w); t++) {
		const struct snapshot *snap = item_snapshot(w, t, back, scope);
		size_t first = list->count;

		for (size_t i = 0; !err && snap && i < snap->tlbs; i++)
			if (scope_has(scope->vm, snap->tlb[i].vm) &&
			    scope_has(scope->vcpu, snap->tlb[i].vcpu))
				err = flush_item(list, first, w, t, back,
						 &snap->tlb[i]);
	}
	return err;
}

const struct panel panel_tlb = {
	.key = '5',
	.name = "tlb",
	.title = "TLB",
	.level = PANEL_OF_VCPU,
	.fields = "vm,asid,cause,scope,by,rate,share,total",
	.more = "machine,count",
	.sort = "rate",
	.empty = "no TLB flush yet",
	.items = tlb_items,
};
