/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The events of a perf.data file that was recorded with -z.
 */
#ifndef TRACER_FOREIGN_PERF_UNPACK_H
#define TRACER_FOREIGN_PERF_UNPACK_H

#include "tracer/foreign/perf_file.h"

/* Puts events in place of the compressed ones. 0 or a negative errno, and *why. */
int perf_unpack(struct perf_file *p, const char **why);

#endif
