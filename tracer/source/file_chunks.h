/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The chunks of a trace file, and what is damaged between and in them.
 */
#ifndef TRACER_SOURCE_FILE_CHUNKS_H
#define TRACER_SOURCE_FILE_CHUNKS_H

#include <stdbool.h>
#include <stddef.h>

#include "tracer/event/trace_damage.h"
#include "tracer/file/reader.h"
#include "tracer/source/source_counts.h"

struct file_chunk {
	uint64_t at_byte, end_byte;
	uint16_t kind;
	uint16_t cpu, vm;
	uint32_t stored_bytes, raw_bytes;
	bool checked;		/* it was read, and is whole or noted as damage */
};

struct file_chunks {
	struct trace_reader *reader;
	struct file_chunk *chunk;
	size_t count, room;
	size_t whole;		/* the first ones, which were read before */
	uint64_t end_byte;	/* where the last of them ends */
	uint64_t zeros;		/* bytes that follow there, up to the file's end */
	struct trace_damage *damage;	/* in the order in which it was found */
	size_t damages, damages_room;
};

/*
 * Lists all of them, as their headers say, which is not to be trusted before
 * they are read. Where none begins it looks for the next, and notes the damage.
 * 0, -EIO or -ENOMEM.
 */
int file_chunks_list(struct file_chunks *l);
/* 1: *chunk is the one that was listed. 0: it is damaged, which is noted.
 * -EIO or -ENOMEM. */
int file_chunks_read(struct file_chunks *l, struct file_chunk *listed,
		     struct trace_reader_chunk *chunk);
/* Notes that a chunk makes no sense. 0 or -ENOMEM, as the next. */
int file_chunks_bad(struct file_chunks *l, struct file_chunk *listed,
		    const char *why);
int file_chunks_damage(struct file_chunks *l, uint64_t from_byte,
		       uint64_t to_byte, const char *why);
struct source_sizes file_chunks_sizes(const struct file_chunks *l);
void file_chunks_free(struct file_chunks *l);

#endif
