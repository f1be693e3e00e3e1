/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The live view is not in this version; batch mode is.
 */
#include "vmtop/view.h"

#include "vmtop/batch.h"

bool view_possible(void)
{
	vmtop_error("this version prints only: give -b or --once");
	return false;
}

int view_run(struct watch *w, const struct options *o)
{
	return batch_run(w, o);
}
