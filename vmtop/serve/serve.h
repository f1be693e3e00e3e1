/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmtop --serve: what intervals add up to, for those who ask by HTTP.
 */
#ifndef VMTOP_SERVE_SERVE_H
#define VMTOP_SERVE_SERVE_H

#include "vmtop/options/options.h"
#include "vmtop/watch/watch.h"

/* Until it is interrupted; an exit status. */
int serve_run(struct watch *w, const struct options *o);

#endif
