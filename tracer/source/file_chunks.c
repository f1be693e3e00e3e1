/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The chunks of a trace file. A chunk's length leads to the next one; where
 * none begins, that length or what stands there is damaged.
 */
#include "tracer/source/file_chunks.h"

#include <errno.h>
#include <stdlib.h>

#include "tracer/file/resync.h"

/* fewer may be the end of a chunk that was cut */
#define ZEROS_MIN	64

int file_chunks_damage(struct file_chunks *l, uint64_t from_byte,
		       uint64_t to_byte, const char *why)
{
	struct trace_damage *grown;

	if (l->damages == l->damages_room) {
		l->damages_room = l->damages_room ? 2 * l->damages_room : 8;
		grown = reallocarray(l->damage, l->damages_room,
				     sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		l->damage = grown;
	}
	l->damage[l->damages++] = (struct trace_damage){
		.from_byte = from_byte, .to_byte = to_byte, .why = why,
	};
	return 0;
}

int file_chunks_bad(struct file_chunks *l, struct file_chunk *listed,
		    const char *why)
{
	listed->checked = true;
	return file_chunks_damage(l, listed->at_byte, listed->end_byte, why);
}

/* Its beginning reached the disk, and zeroes came instead of the rest. */
static bool ends_in_zeros(const struct file_chunks *l,
			  const struct file_chunk *listed)
{
	uint64_t zeros;

	if (listed != &l->chunk[l->count - 1])
		return false;
	zeros = resync_zeros(l->reader);
	return zeros < listed->end_byte &&
		trace_reader_file_bytes(l->reader) - zeros >= ZEROS_MIN;
}

int file_chunks_read(struct file_chunks *l, struct file_chunk *listed,
		     struct trace_reader_chunk *chunk)
{
	const char *why = "the file was changed while it was read";
	int got;

	trace_reader_seek(l->reader, listed->at_byte);
	got = trace_reader_next(l->reader, chunk);
	if (got == -EBADMSG)
		why = trace_reader_fault(l->reader);
	else if (got < 0)
		return got;
	if (got > 0 && chunk->head.kind == listed->kind &&
	    chunk->head.cpu == listed->cpu && chunk->head.vm == listed->vm) {
		listed->checked = true;
		return 1;
	}
	if (!ends_in_zeros(l, listed))
		return file_chunks_bad(l, listed, why);
	listed->checked = true;
	l->zeros = trace_reader_file_bytes(l->reader) - listed->at_byte;
	l->end_byte = listed->at_byte;
	return 0;
}

static int chunk_list(struct file_chunks *l,
		      const struct trace_reader_chunk *chunk)
{
	const struct trace_chunk *head = &chunk->head;
	struct file_chunk *grown;

	if (l->count == l->room) {
		l->room = l->room ? 2 * l->room : 64;
		grown = reallocarray(l->chunk, l->room, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		l->chunk = grown;
	}
	l->end_byte = chunk->at_byte + sizeof(*head) + head->stored_bytes;
	l->chunk[l->count++] = (struct file_chunk){
		.at_byte = chunk->at_byte,
		.end_byte = l->end_byte,
		.kind = head->kind,
		.cpu = head->cpu,
		.vm = head->vm,
		.stored_bytes = head->stored_bytes,
		.raw_bytes = head->raw_bytes,
	};
	return 0;
}

/* Another trace, to the end of the file: how much is left out with it. */
static int other_trace(struct file_chunks *l, uint64_t at)
{
	struct trace_file_header h;
	struct trace_reader_chunk chunk;
	uint64_t records = 0;
	int err = file_chunks_damage(l, at, trace_reader_file_bytes(l->reader),
				     "another trace");

	if (err || trace_reader_peek(l->reader, &h, sizeof(h), at) !=
	    sizeof(h))
		return err;
	trace_reader_seek(l->reader, at + h.header_bytes);
	while (trace_reader_skip(l->reader, &chunk) > 0)
		if (chunk.head.kind == TRACE_CHUNK_EVENTS)
			records += chunk.head.records;
	l->damage[l->damages - 1].records = records;
	return 0;
}

static bool last_is_whole(struct file_chunks *l)
{
	struct trace_reader_chunk chunk;

	trace_reader_seek(l->reader, l->chunk[l->count - 1].at_byte);
	return trace_reader_next(l->reader, &chunk) > 0;
}

/* No chunk begins there, nor behind it: the end, or damage up to it. */
static int rest_note(struct file_chunks *l, uint64_t at, const char *why)
{
	uint64_t end = trace_reader_file_bytes(l->reader);
	uint64_t zeros = resync_zeros(l->reader);

	l->end_byte = at;
	if (zeros < at)
		zeros = at;
	/* part of a chunk may have reached the disk before them */
	if (end - zeros >= ZEROS_MIN) {
		l->zeros = end - zeros;
		return 0;
	}
	return why ? file_chunks_damage(l, at, end, why) : 0;
}

/* 1: chunks go on, and the reader is there. 0: they do not. */
static int resume(struct file_chunks *l, uint64_t at, const char *why)
{
	uint64_t from = at, next;
	int found, err = 0;

	/* a damaged length leads astray */
	if (l->count > l->whole && !last_is_whole(l)) {
		at = l->chunk[--l->count].at_byte;
		from = at + 1;
		why = "a damaged chunk";
	}
	found = resync_find(l->reader, from, &next);
	if (found <= RESYNC_NOTHING)
		return found < 0 ? found : rest_note(l, at, why);
	l->end_byte = at;
	if (next > at)
		err = file_chunks_damage(l, at, next, why ? why :
					 "a chunk that is not whole");
	if (!err && found == RESYNC_TRACE)
		return other_trace(l, next);
	trace_reader_seek(l->reader, next);
	return err ? err : 1;
}

/* Notes what stands behind the end chunk. */
static int behind_end(struct file_chunks *l)
{
	uint64_t end = trace_reader_file_bytes(l->reader), at = l->end_byte;
	uint64_t zeros = resync_zeros(l->reader), next;
	int found, err = 0;

	if (zeros <= at) {
		l->zeros = end - at;
		return 0;
	}
	found = resync_find(l->reader, at, &next);
	if (found < 0)
		return found;
	if (found != RESYNC_TRACE)
		return file_chunks_damage(l, at, end,
					  "the file goes on behind its end");
	if (next > at)
		err = file_chunks_damage(l, at, next,
					 "the file goes on behind its end");
	return err ? err : other_trace(l, next);
}

int file_chunks_list(struct file_chunks *l)
{
	struct trace_reader_chunk chunk;
	int got = 1;

	trace_reader_seek(l->reader, 0);
	while (got > 0) {
		got = trace_reader_skip(l->reader, &chunk);
		if (got > 0) {
			if (chunk_list(l, &chunk))
				return -ENOMEM;
			if (chunk.head.kind == TRACE_CHUNK_END)
				return behind_end(l);
		} else if (!got && chunk.at_byte >=
			   trace_reader_file_bytes(l->reader)) {
			l->end_byte = chunk.at_byte;
		} else if (!got) {
			got = resume(l, chunk.at_byte, NULL);
		} else if (got == -EBADMSG) {
			got = resume(l, chunk.at_byte,
				     trace_reader_fault(l->reader));
		}
	}
	return got;
}

struct source_sizes file_chunks_sizes(const struct file_chunks *l)
{
	struct source_sizes sizes = {
		.file_bytes = trace_reader_file_bytes(l->reader),
		.chunks = l->count,
	};

	for (size_t i = 0; i < l->count; i++) {
		sizes.stored_bytes += l->chunk[i].stored_bytes;
		sizes.raw_bytes += l->chunk[i].raw_bytes;
	}
	return sizes;
}

void file_chunks_free(struct file_chunks *l)
{
	free(l->chunk);
	free(l->damage);
}
