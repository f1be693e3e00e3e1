/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many records a CPU wrote, and what became of them.
 */
#ifndef TRACER_SOURCE_SOURCE_COUNTS_H
#define TRACER_SOURCE_SOURCE_COUNTS_H

#include <stdint.h>

/*
 * Exact, at any time: written = read + missed + what still waits. Counted
 * since boot if a ring is read from its oldest record (what it lost before
 * it was opened is missed, too), else since the source was opened. A file
 * has nothing waiting once it was read to its end.
 */
struct source_cpu_counts {
	uint64_t written;
	uint64_t read;
	uint64_t missed;
};

/* A file and its chunks, as the chunks' headers have it. */
struct source_sizes {
	uint64_t file_bytes;
	uint64_t chunks, stored_bytes, raw_bytes;
	uint64_t zero_bytes;	/* behind the last chunk, to the file's end */
};

#endif
