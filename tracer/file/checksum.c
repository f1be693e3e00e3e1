/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The checksums of a trace file: XXH64, of a header up to its checksum
 * field, and for a chunk carried on over what it stores.
 */
#include "tracer/file/checksum.h"

#include <stddef.h>
#include <xxhash.h>

uint64_t trace_header_checksum(const struct trace_file_header *header)
{
	return XXH64(header, offsetof(struct trace_file_header, checksum), 0);
}

uint64_t trace_chunk_checksum(const struct trace_chunk *chunk,
			      const void *stored)
{
	uint64_t seed = XXH64(chunk, offsetof(struct trace_chunk, checksum), 0);

	return XXH64(stored, chunk->stored_bytes, seed);
}
