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
	const char *name;
	/* once, before the first interval; NULL: nothing */
	void (*begin)(FILE *to);
	/* the newest interval; 0 or -ENOMEM */
	int (*interval)(FILE *to, const struct watch *w);
	/* what happened to what is watched; NULL: that is said on stderr */
	void (*note)(FILE *to, const char *note);
};

/* Ends with a row whose name is NULL; the first is the default. */
extern const struct batch_format batch_formats[];

int batch_text(FILE *to, const struct watch *w);
void batch_text_note(FILE *to, const char *note);
void batch_csv_begin(FILE *to);
int batch_csv(FILE *to, const struct watch *w);
int batch_json(FILE *to, const struct watch *w);

/* An exit status. */
int batch_run(struct watch *w, const struct options *o);

#endif
