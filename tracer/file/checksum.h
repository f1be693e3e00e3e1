/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The checksums of a trace file, the same for writer and reader.
 */
#ifndef TRACER_FILE_CHECKSUM_H
#define TRACER_FILE_CHECKSUM_H

#include <stdint.h>

#include "vmm-core/abi/trace_file.h"

uint64_t trace_header_checksum(const struct trace_file_header *header);
/* stored: the chunk->stored_bytes that follow the chunk's header. */
uint64_t trace_chunk_checksum(const struct trace_chunk *chunk,
			      const void *stored);

#endif
