/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading a trace file a chunk at a time (vmm-core/abi/trace_file.h).
 *
 * Knows headers, checksums and compression; what the chunks mean is their
 * user's business. A reader belongs to one thread. The file is not trusted:
 * every length is bounded before memory is asked for.
 */
#ifndef TRACER_FILE_READER_H
#define TRACER_FILE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "vmm-core/abi/trace_file.h"

struct trace_reader;

/* Memory that grows and never shrinks; zeroed: none. Freed by free(at). */
struct trace_buffer {
	void *at;
	size_t bytes;
};

struct trace_reader_chunk {
	struct trace_chunk head;
	uint64_t at_byte;	/* of its header in the file */
	/* head.raw_bytes; dies at the next call for this reader. NULL for a
	 * kind that this version does not know: those are only checked */
	const void *raw;
};

/*
 * Takes a descriptor over, of a file that can be read at any place. NULL and
 * errno: EPROTO not a trace, ENOTSUP one from a newer version, EBADMSG a
 * damaged one, and what read() gives. *why is static text.
 */
struct trace_reader *trace_reader_open(int fd, const char **why);
/* NULL is fine. */
void trace_reader_close(struct trace_reader *r);
const struct trace_file_header *
trace_reader_header(const struct trace_reader *r);

/*
 * 1: *chunk is the next one, whole and undamaged. 0: the file ends here, and
 * chunk->at_byte is where the last whole chunk ended. Negative errno:
 * -EBADMSG damaged, -EIO, -ENOMEM; chunk->at_byte says where.
 */
int trace_reader_next(struct trace_reader *r, struct trace_reader_chunk *chunk);
/*
 * Keeps the raw bytes of the chunk that was read last: they stay in *buffer,
 * and what was in it is used for later chunks.
 */
void trace_reader_keep(struct trace_reader *r, struct trace_buffer *buffer);
/* As next, but looks at the chunk's header alone and checks little of it. */
int trace_reader_skip(struct trace_reader *r, struct trace_reader_chunk *chunk);
/* The next chunk is the one at this byte; 0: the first of the body. */
void trace_reader_seek(struct trace_reader *r, uint64_t at_byte);

/* Bytes of the file as they are: fewer where it ends, or a negative errno. */
ssize_t trace_reader_peek(struct trace_reader *r, void *to, size_t bytes,
			  uint64_t at_byte);
uint64_t trace_reader_file_bytes(const struct trace_reader *r);
/* Whether a recording was writing into it when it was opened. */
bool trace_reader_growing(const struct trace_reader *r);
/* Says what is wrong after a negative return: static text. */
const char *trace_reader_fault(const struct trace_reader *r);

#endif
