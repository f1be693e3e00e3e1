/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finding where a damaged trace goes on.
 */
#ifndef TRACER_FILE_RESYNC_H
#define TRACER_FILE_RESYNC_H

#include "tracer/file/reader.h"

enum resync_found {
	RESYNC_NOTHING = 0,
	RESYNC_CHUNK = 1,	/* whole, its checksum right */
	RESYNC_TRACE = 2,	/* the header of another trace */
};

/*
 * The first of these from a byte on: enum resync_found, and *at_byte is where
 * it begins. Negative errno: -EIO, -ENOMEM.
 */
int resync_find(struct trace_reader *r, uint64_t from_byte, uint64_t *at_byte);
/* Where the zeroes begin with which the file ends: its end if with none. */
uint64_t resync_zeros(struct trace_reader *r);

#endif
