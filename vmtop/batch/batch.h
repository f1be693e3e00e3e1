/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmtop -b: an interval after the other, printed.
 */
#ifndef VMTOP_BATCH_BATCH_H
#define VMTOP_BATCH_BATCH_H

#include <stdio.h>

#include "vmtop/options/options.h"
#include "vmtop/watch/watch.h"

struct batch_format {
	/* once, before the first interval; NULL: nothing */
	void (*begin)(FILE *to);
	/* the newest interval; 0 or -ENOMEM */
	int (*interval)(FILE *to, const struct watch *w);
	/* prints a note about the machines; NULL: it goes to stderr */
	void (*note)(FILE *to, const char *note);
};

/* Each is in a file of its own: batch_text, ... */
#define FORMAT(name) extern const struct batch_format batch_##name;
#include "vmtop/options/formats.def"

/* An exit status. */
int batch_run(struct watch *w, const struct options *o);

#endif
