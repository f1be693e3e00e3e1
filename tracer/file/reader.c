/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading a trace file a chunk at a time: header, checksums, compression.
 *
 * A file that ends inside a chunk was cut, which is not an error: the recorder
 * was killed, or the disk was full. Everything else that does not fit is
 * damage; resync.h finds where the file goes on behind it.
 */
#include "tracer/file/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "tracer/file/checksum.h"
#include "tracer/file/file_kind.h"
#include "tracer/file/trace_name.h"

struct trace_reader {
	int fd;
	uint64_t file_bytes;	/* when it was opened */
	bool growing;		/* then */
	uint64_t position;	/* of the next chunk */
	struct trace_file_header header;
	/* never beyond TRACE_CHUNK_BYTES_MAX */
	struct trace_buffer stored, raw;
	struct trace_buffer *last;	/* which has the last chunk's bytes */
	ZSTD_DCtx *zstd;
	const char *fault;
};

static int reader_fail(struct trace_reader *r, int err, const char *fault)
{
	r->fault = fault;
	return err;
}

ssize_t trace_reader_peek(struct trace_reader *r, void *to, size_t bytes,
			  uint64_t at)
{
	size_t done = 0;
	ssize_t n;

	while (done < bytes) {
		n = pread(r->fd, (char *)to + done, bytes - done,
			  (off_t)(at + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return reader_fail(r, -EIO, strerror(errno));
		if (!n)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

static int buffer_reserve(struct trace_buffer *b, size_t bytes)
{
	void *at;

	if (b->at && bytes <= b->bytes)
		return 0;
	at = realloc(b->at, bytes ? bytes : 1);
	if (!at)
		return -ENOMEM;
	b->at = at;
	b->bytes = bytes;
	return 0;
}

static int header_check(struct trace_reader *r, ssize_t bytes)
{
	struct trace_file_header *h = &r->header;

	if (bytes < (ssize_t)sizeof(h->magic) ||
	    memcmp(h->magic, TRACE_FILE_MAGIC, sizeof(h->magic)))
		return reader_fail(r, -EPROTO,
				   file_kind_describe(h, (size_t)bytes));
	if (bytes < (ssize_t)sizeof(*h))
		return reader_fail(r, -EBADMSG, "it ends inside its header; nothing was recorded into it");
	/* before the checksum: a newer header may have it elsewhere */
	if (h->version > TRACE_FILE_VERSION)
		return reader_fail(r, -ENOTSUP,
				   "recorded by a newer version of vmprof; use that one");
	if (h->checksum != trace_header_checksum(h))
		return reader_fail(r, -EBADMSG, "its header is damaged");
	if (!h->version || h->header_bytes < sizeof(*h) ||
	    h->event_slot_bytes != EVENT_SLOT_BYTES)
		return reader_fail(r, -EBADMSG, "its header is not one that vmprof writes");
	h->host[sizeof(h->host) - 1] = 0;
	h->recorder[sizeof(h->recorder) - 1] = 0;
	h->command[sizeof(h->command) - 1] = 0;
	r->position = h->header_bytes;
	return 0;
}

static int file_open(struct trace_reader *r)
{
	struct stat st;
	ssize_t bytes;

	if (fstat(r->fd, &st) < 0)
		return reader_fail(r, -errno, strerror(errno));
	r->growing = trace_name_locked(r->fd);
	r->file_bytes = (uint64_t)st.st_size;
	bytes = trace_reader_peek(r, &r->header, sizeof(r->header), 0);
	return bytes < 0 ? (int)bytes : header_check(r, bytes);
}

struct trace_reader *trace_reader_open(int fd, const char **why)
{
	struct trace_reader *r = calloc(1, sizeof(*r));
	int err = -ENOMEM;

	*why = "out of memory";
	if (!r) {
		close(fd);
		return NULL;
	}
	r->fd = fd;
	r->zstd = ZSTD_createDCtx();
	if (r->zstd) {
		err = file_open(r);
		*why = r->fault;
	}
	if (!err)
		return r;
	trace_reader_close(r);
	errno = -err;
	return NULL;
}

void trace_reader_close(struct trace_reader *r)
{
	if (!r)
		return;
	if (r->fd >= 0)
		close(r->fd);
	ZSTD_freeDCtx(r->zstd);
	free(r->stored.at);
	free(r->raw.at);
	free(r);
}

const struct trace_file_header *
trace_reader_header(const struct trace_reader *r)
{
	return &r->header;
}

void trace_reader_seek(struct trace_reader *r, uint64_t at_byte)
{
	r->position = at_byte ? at_byte : r->header.header_bytes;
}

uint64_t trace_reader_file_bytes(const struct trace_reader *r)
{
	return r->file_bytes;
}

bool trace_reader_growing(const struct trace_reader *r)
{
	return r->growing;
}

const char *trace_reader_fault(const struct trace_reader *r)
{
	return r->fault;
}

/* 1: a header whose lengths can be trusted. 0: the file ends before it. */
static int head_read(struct trace_reader *r, struct trace_reader_chunk *chunk)
{
	struct trace_chunk *head = &chunk->head;
	ssize_t bytes = trace_reader_peek(r, head, sizeof(*head), r->position);

	chunk->at_byte = r->position;
	chunk->raw = NULL;
	if (bytes < (ssize_t)sizeof(*head))
		return bytes < 0 ? (int)bytes : 0;
	if (head->magic != TRACE_CHUNK_MAGIC)
		return reader_fail(r, -EBADMSG, "no chunk begins here");
	if (head->stored_bytes > TRACE_CHUNK_BYTES_MAX ||
	    head->raw_bytes > TRACE_CHUNK_BYTES_MAX)
		return reader_fail(r, -EBADMSG,
				   "a chunk of an impossible length");
	return 1;
}

static bool position_advance(struct trace_reader *r,
			     const struct trace_chunk *head)
{
	uint64_t next = r->position + sizeof(*head) + head->stored_bytes;

	if (next > r->file_bytes)
		return false;
	r->position = next;
	return true;
}

int trace_reader_skip(struct trace_reader *r, struct trace_reader_chunk *chunk)
{
	int got = head_read(r, chunk);

	return got > 0 ? position_advance(r, &chunk->head) : got;
}

static int raw_decompress(struct trace_reader *r,
			  struct trace_reader_chunk *chunk)
{
	const struct trace_chunk *head = &chunk->head;
	size_t got;

	if (ZSTD_getFrameContentSize(r->stored.at, head->stored_bytes) !=
	    head->raw_bytes)
		return reader_fail(r, -EBADMSG,
				   "a chunk disagrees about its length");
	if (buffer_reserve(&r->raw, head->raw_bytes) < 0)
		return reader_fail(r, -ENOMEM, "out of memory");
	got = ZSTD_decompressDCtx(r->zstd, r->raw.at, head->raw_bytes,
				  r->stored.at, head->stored_bytes);
	if (ZSTD_isError(got) || got != head->raw_bytes)
		return reader_fail(r, -EBADMSG,
				   "a chunk that does not decompress");
	chunk->raw = r->raw.at;
	r->last = &r->raw;
	return 1;
}

static int raw_find(struct trace_reader *r, struct trace_reader_chunk *chunk)
{
	const struct trace_chunk *head = &chunk->head;

	if (head->kind < TRACE_CHUNK_MACHINE || head->kind >= TRACE_CHUNK_KINDS)
		return 1;
	if (head->codec == TRACE_CODEC_ZSTD)
		return raw_decompress(r, chunk);
	if (head->codec != TRACE_CODEC_NONE)
		return reader_fail(r, -EBADMSG,
				   "a chunk compressed in an unknown way");
	if (head->raw_bytes != head->stored_bytes)
		return reader_fail(r, -EBADMSG,
				   "a chunk disagrees about its length");
	chunk->raw = r->stored.at;
	r->last = &r->stored;
	return 1;
}

int trace_reader_next(struct trace_reader *r, struct trace_reader_chunk *chunk)
{
	struct trace_chunk *head = &chunk->head;
	ssize_t bytes;
	int got = head_read(r, chunk);

	if (got <= 0)
		return got;
	/* asks for memory only when the file is long enough to fill it */
	if (chunk->at_byte + sizeof(*head) + head->stored_bytes >
	    r->file_bytes)
		return 0;
	if (buffer_reserve(&r->stored, head->stored_bytes) < 0)
		return reader_fail(r, -ENOMEM, "out of memory");
	bytes = trace_reader_peek(r, r->stored.at, head->stored_bytes,
			chunk->at_byte + sizeof(*head));
	if (bytes < (ssize_t)head->stored_bytes)
		return bytes < 0 ? (int)bytes : 0;
	if (head->checksum != trace_chunk_checksum(head, r->stored.at))
		return reader_fail(r, -EBADMSG,
				   "a chunk whose checksum is wrong");
	got = raw_find(r, chunk);
	if (got > 0)
		position_advance(r, head);
	return got;
}

void trace_reader_keep(struct trace_reader *r, struct trace_buffer *buffer)
{
	struct trace_buffer spare = *buffer;

	*buffer = *r->last;
	*r->last = spare;
}
