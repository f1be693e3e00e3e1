/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Other programs' files, by their first bytes: a message then names what a
 * user gave instead of a trace, and what reads it.
 */
#ifndef TRACER_FILE_FILE_KIND_H
#define TRACER_FILE_FILE_KIND_H

#include <stddef.h>

/* Enough of a file's beginning to tell. */
#define FILE_KIND_BYTES 16

/* "it is a perf.data file; ..."; NULL: none that is known. */
const char *file_kind_known(const void *begin, size_t bytes);
/* The same for what should have been a trace: never NULL. */
const char *file_kind_describe(const void *begin, size_t bytes);

#endif
