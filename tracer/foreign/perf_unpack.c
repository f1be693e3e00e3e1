/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The compressed events are one zstd stream in pieces; an event may begin in
 * one piece and end in the next.
 */
#include "tracer/foreign/perf_unpack.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

/* A file that grows more than this was made to fill our memory. */
#define GROWTH_MAX	1024

struct output {
	char *at;
	size_t bytes, room, max;
	size_t whole;		/* bytes of whole events; then one has begun */
};

static int output_reserve(struct output *out, size_t bytes)
{
	size_t room = out->room ? out->room : 1 << 16;
	char *grown;

	if (bytes > out->max - out->bytes)
		return -EMSGSIZE;
	while (room - out->bytes < bytes)
		room *= 2;
	if (room == out->room)
		return 0;
	grown = realloc(out->at, room);
	if (!grown)
		return -ENOMEM;
	out->at = grown;
	out->room = room;
	return 0;
}

/* Puts an event where it was, but before one that has only begun. */
static int output_put(struct output *out, const char *from, size_t bytes)
{
	char *to;
	int err = output_reserve(out, bytes);

	if (err)
		return err;
	to = out->at + out->whole;
	memmove(to + bytes, to, out->bytes - out->whole);
	memcpy(to, from, bytes);
	out->bytes += bytes;
	out->whole += bytes;
	return 0;
}

static void output_look(struct output *out)
{
	struct perf_part all = { out->at, out->bytes };
	struct perf_event ev;

	while (perf_event_next(&all, &out->whole, &ev) > 0)
		;
}

static int piece_unpack(ZSTD_DCtx *zstd, struct perf_part piece,
			struct output *out)
{
	ZSTD_inBuffer in = { piece.at, piece.bytes, 0 };
	bool more = true;

	while (in.pos < in.size || more) {
		ZSTD_outBuffer to;
		size_t left;
		int err = output_reserve(out, ZSTD_DStreamOutSize());

		if (err)
			return err;
		to = (ZSTD_outBuffer){ out->at, out->room, out->bytes };
		left = ZSTD_decompressStream(zstd, &to, &in);
		if (ZSTD_isError(left))
			return -EBADMSG;
		/* no room was left over: it may hold back some */
		more = to.pos == to.size;
		out->bytes = to.pos;
	}
	return 0;
}

static struct perf_part piece_of(const struct perf_event *ev)
{
	struct perf_part piece = ev->body;

	if (ev->type == PERF_COMPRESSED2 && piece.bytes >= 8) {
		uint64_t bytes = perf_word(piece.at, 8);

		piece.at += 8;
		piece.bytes -= 8;
		if (bytes < piece.bytes)
			piece.bytes = bytes;
	}
	return piece;
}

static int events_unpack(const struct perf_file *p, ZSTD_DCtx *zstd,
			 struct output *out)
{
	struct perf_event ev;
	size_t at = 0, begin = 0;
	int err = 0;

	while (!err && perf_event_next(&p->events, &at, &ev) > 0) {
		if (ev.type == PERF_COMPRESSED || ev.type == PERF_COMPRESSED2) {
			err = piece_unpack(zstd, piece_of(&ev), out);
			output_look(out);
		} else {
			err = output_put(out, p->events.at + begin, at - begin);
		}
		begin = at;
	}
	return err;
}

int perf_unpack(struct perf_file *p, const char **why)
{
	struct output out = { .max = p->events.bytes * GROWTH_MAX };
	ZSTD_DCtx *zstd = ZSTD_createDCtx();
	int err = zstd ? events_unpack(p, zstd, &out) : -ENOMEM;

	ZSTD_freeDCtx(zstd);
	if (err) {
		*why = err == -ENOMEM ? "out of memory" :
		       err == -EMSGSIZE ? "its compressed events grow without "
					  "end" :
					  "its compressed events are damaged";
		free(out.at);
		return err == -ENOMEM ? err : -EBADMSG;
	}
	p->cut |= out.whole < out.bytes;
	p->unpacked = out.at;
	p->events = (struct perf_part){ out.at, out.whole };
	return 0;
}
