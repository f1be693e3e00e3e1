# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# HACKING.md, "A panel of vmtop": every TLB flush's cause, on key 9.
cat > vmtop/table/panel_causes.c << 'END'
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TLB flushes by cause alone.
 */
#include "vmtop/table/panel.h"

#include <errno.h>

static int causes_items(struct item_list *list, const struct watch *w,
			size_t back, const struct scope *scope)
{
	for (size_t t = 0; t < watch_targets(w); t++) {
		const struct snapshot *snap = item_snapshot(w, t, back, scope);

		for (size_t i = 0; snap && i < snap->tlbs; i++) {
			struct item *item = item_add(list, w, t, back);

			if (!item)
				return -ENOMEM;
			item->tlb_cause = snap->tlb[i].cause;
			item->cost.count = snap->tlb[i].count;
		}
	}
	return 0;
}

const struct panel panel_causes = {
	.key = '9',
	.name = "causes",
	.title = "Causes",
	.level = PANEL_OF_MACHINE,
	.fields = "cause,rate",
	.more = "machine,count",
	.sort = "rate",
	.empty = "no TLB flush yet",
	.items = causes_items,
};
END
sed -i '/^PANEL(processes)/a PANEL(causes)' vmtop/table/panels.def
echo 'libvmtop-y += vmtop/table/panel_causes.o' >> vmtop/table/build.mk
sed -i -e 's/^\.It Cm 1 No to Cm 8$/.It Cm 1 No to Cm 9/' \
	-e '/^\.It 8 Procs/i .It 9 Causes\nFlushes by cause.' man/vmtop.1
mkdir tests/golden/vmtop/causes
echo 'screen 80x24 9 vmtop --speed 0 -d 0.02 --replay svm.data' \
	> tests/golden/vmtop/causes/cmd
