/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The names in a trace file: its kernels' symbols and its processes. They may
 * stand behind the events that need them, so they are read first.
 */
#ifndef TRACER_SOURCE_FILE_NAMES_H
#define TRACER_SOURCE_FILE_NAMES_H

#include "tracer/source/file_chunks.h"
#include "tracer/source/source_ops.h"

/* 0, -EIO or -ENOMEM. Damage is noted in the list, and its chunk left out. */
int file_names_load(struct source_file_info *info, struct file_chunks *list,
		    unsigned int vms);
void file_names_free(struct source_file_info *info);

#endif
