/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The live view: a screen, keys, and the rings read meanwhile.
 */
#ifndef VMTOP_SCREEN_VIEW_H
#define VMTOP_SCREEN_VIEW_H

#include "vmtop/options/options.h"
#include "vmtop/watch/watch.h"

/* Prints the keys, one a line, for those who hold vmtop(1) against them. */
void help_list(void);
/* Until q; an exit status. */
int view_run(struct watch *w, const struct options *o);

#endif
