/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A trace file of ours as a source; and where other programs' files come in.
 */
#ifndef TRACER_SOURCE_FILE_SOURCE_H
#define TRACER_SOURCE_FILE_SOURCE_H

struct source;

/* Each takes the descriptor over; as source_open_file() otherwise. */
struct source *file_source_open(int fd, const char **why);
struct source *perf_source_open(int fd, const char **why);
struct source *xen_source_open(int fd, const char **why);

#endif
