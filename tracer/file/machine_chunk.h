/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An origin in a trace file, as its chunk of kind MACHINE.
 */
#ifndef TRACER_FILE_MACHINE_CHUNK_H
#define TRACER_FILE_MACHINE_CHUNK_H

#include <stddef.h>

#include "tracer/event/origin.h"
#include "vmm-core/abi/trace_file.h"

/* -E2BIG: the layout has no room for so many. */
int machine_chunk_make(struct trace_machine *m, const struct origin *o);
/* Returns NULL, or static text; then o holds nothing. */
const char *machine_chunk_read(struct origin *o, const void *raw,
			       size_t bytes);

#endif
