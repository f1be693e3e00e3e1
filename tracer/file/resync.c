/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finding where a damaged trace goes on: looks for the magic numbers, and
 * believes a checksum only.
 */
#include "tracer/file/resync.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/file/checksum.h"

#define WINDOW_BYTES	65536
#define MAGIC_BYTES	8	/* of the longer one */

/*
 * A file may be made of nothing but headers that claim the rest of it: what
 * is read to check them is a few times the file and no more.
 */
#define CHECK_FILES	4
#define CHECK_BYTES_MIN	(256u << 10)

struct search {
	struct trace_reader *r;
	uint64_t budget;
	char window[WINDOW_BYTES];
};

static bool head_is_likely(const struct trace_chunk *c)
{
	return c->kind >= TRACE_CHUNK_MACHINE &&
		c->kind < TRACE_CHUNK_KINDS && !c->reserved &&
		c->codec <= TRACE_CODEC_ZSTD && c->cpu < ANCHOR_CPUS_MAX &&
		c->vm < ANCHOR_VMS_MAX &&
		c->stored_bytes <= TRACE_CHUNK_BYTES_MAX &&
		c->raw_bytes <= TRACE_CHUNK_BYTES_MAX;
}

/* 1, 0 or a negative errno. */
static int chunk_is_there(struct search *s, uint64_t at)
{
	struct trace_reader_chunk chunk;
	struct trace_chunk head;
	int got;

	if (trace_reader_peek(s->r, &head, sizeof(head), at) != sizeof(head) ||
	    head.magic != TRACE_CHUNK_MAGIC || !head_is_likely(&head))
		return 0;
	if (head.stored_bytes > s->budget)
		return 0;
	s->budget -= head.stored_bytes;
	trace_reader_seek(s->r, at);
	got = trace_reader_next(s->r, &chunk);
	return got == -EBADMSG ? 0 : got;
}

static bool trace_is_there(struct search *s, uint64_t at)
{
	struct trace_file_header h;

	return trace_reader_peek(s->r, &h, sizeof(h), at) == sizeof(h) &&
		!memcmp(h.magic, TRACE_FILE_MAGIC, sizeof(h.magic)) &&
		h.checksum == trace_header_checksum(&h);
}

/* Finds out what begins at this byte: enum resync_found or a negative errno. */
static int kind_at(struct search *s, const char *magic, uint64_t at)
{
	if (*magic == *TRACE_FILE_MAGIC)
		return trace_is_there(s, at) ? RESYNC_TRACE : RESYNC_NOTHING;
	return chunk_is_there(s, at);
}

/* The next byte that one of the magic numbers may begin with. */
static const char *candidate(const char *at, const char *end)
{
	static const __u32 chunk_magic = TRACE_CHUNK_MAGIC;

	for (; at + MAGIC_BYTES <= end; at++)
		if (!memcmp(at, &chunk_magic, sizeof(chunk_magic)) ||
		    !memcmp(at, TRACE_FILE_MAGIC, MAGIC_BYTES))
			return at;
	return NULL;
}

static int window_search(struct search *s, size_t bytes, uint64_t from,
			 uint64_t *at_byte)
{
	const char *at = s->window, *end = s->window + bytes;
	int found = RESYNC_NOTHING;

	for (; !found && (at = candidate(at, end)); at++) {
		*at_byte = from + (uint64_t)(at - s->window);
		found = kind_at(s, at, *at_byte);
	}
	return found;
}

static int file_search(struct search *s, uint64_t from, uint64_t *at_byte)
{
	int found = RESYNC_NOTHING;

	while (!found) {
		ssize_t bytes = trace_reader_peek(s->r, s->window,
						  sizeof(s->window), from);

		if (bytes < 0)
			return (int)bytes;
		/* a header is longer than a magic number */
		if (bytes < MAGIC_BYTES)
			return RESYNC_NOTHING;
		found = window_search(s, (size_t)bytes, from, at_byte);
		from += (uint64_t)bytes - MAGIC_BYTES + 1;
	}
	return found;
}

int resync_find(struct trace_reader *r, uint64_t from_byte, uint64_t *at_byte)
{
	struct search *s = malloc(sizeof(*s));
	int found;

	if (!s)
		return -ENOMEM;
	s->r = r;
	s->budget = CHECK_FILES * trace_reader_file_bytes(r) + CHECK_BYTES_MIN;
	found = file_search(s, from_byte, at_byte);
	free(s);
	return found;
}

uint64_t resync_zeros(struct trace_reader *r)
{
	uint64_t end = trace_reader_file_bytes(r);
	char window[4096];

	while (end) {
		size_t want = end < sizeof(window) ? (size_t)end :
						     sizeof(window);
		ssize_t bytes = trace_reader_peek(r, window, want, end - want);

		if (bytes != (ssize_t)want)
			break;
		while (bytes && !window[bytes - 1])
			bytes--;
		end -= want - (size_t)bytes;
		if (bytes)
			break;
	}
	return end;
}
