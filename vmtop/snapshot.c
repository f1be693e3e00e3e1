/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of an interval that nobody looks at any more.
 */
#include "vmtop/snapshot.h"

#include <stdlib.h>

void snapshot_free(struct snapshot *snap)
{
	if (!snap)
		return;
	free(snap->exit);
	free(snap->vcpu);
	free(snap->symbol);
	free(snap->tlb);
	free(snap->hypercall);
	free(snap);
}
