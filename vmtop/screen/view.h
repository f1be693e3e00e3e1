/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The live view: a screen, keys, and the rings read meanwhile.
 */
#ifndef VMTOP_SCREEN_VIEW_H
#define VMTOP_SCREEN_VIEW_H

#include <stdbool.h>

#include "vmtop/options/options.h"
#include "vmtop/watch/watch.h"

#define VIEW_COLUMNS_MIN	60
#define VIEW_LINES_MIN		12

/* Is there a terminal that is large enough? false, having said why not. */
bool view_possible(void);
/* Until q; an exit status. */
int view_run(struct watch *w, const struct options *o);

#endif
