/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The public face of every source, and the order in which its streams come:
 * in turns, or merged by time.
 */
#include "tracer/source/source.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/event/event_time.h"
#include "tracer/source/source_ops.h"

/* in a row, of one stream, before others have their turn */
#define TURN_RECORDS	4096

int source_init(struct source *s, unsigned int streams)
{
	s->stream = calloc(streams, sizeof(*s->stream));
	if (!s->stream)
		return -ENOMEM;
	s->streams = streams;
	s->turn = TURN_RECORDS;
	return 0;
}

void source_exit(struct source *s)
{
	free(s->stream);
	origin_exit(&s->origin);
}

struct source *source_merged(struct source *s)
{
	if (s)
		s->merged = true;
	return s;
}

/* Counts those that ended before one that was committed earlier. */
static void order_check(struct source *s, struct source_stream *stream)
{
	const struct event_run *run = &stream->held;

	for (unsigned int i = 0; i < run->count; i++) {
		const struct event_header *ev =
			event_run_record(run->first, i);
		uint64_t cycles, end = event_end_tsc(ev);

		if (ev->id == EVENT_LOST)
			continue;
		if (end >= stream->last_end_tsc)
			stream->last_end_tsc = end;
		else if (event_cycles(ev, &cycles))
			s->disordered++;
	}
}

/* 1: the stream holds what comes next of it. */
static int stream_fill(struct source *s, unsigned int i)
{
	struct source_stream *stream = &s->stream[i];
	int got;

	if (stream->held.count)
		return 1;
	if (stream->ended)
		return 0;
	got = s->ops->read(s, i, &stream->held);
	if (got <= 0)
		stream->held.count = 0;
	else if (s->merged || s->file)
		order_check(s, stream);
	/* a ring may go on */
	stream->ended = !got && s->file;
	return got;
}

/* Stays with a stream for a while, for the sake of caches. */
static int turn_choose(struct source *s)
{
	for (unsigned int tries = 0; tries <= s->streams; tries++) {
		int got = s->turn ? stream_fill(s, s->current) : 0;

		if (got)
			return got;
		s->current = (s->current + 1) % s->streams;
		s->turn = TURN_RECORDS;
	}
	return 0;
}

static int oldest_choose(struct source *s)
{
	uint64_t oldest = 0;
	int found = 0;

	for (unsigned int i = 0; i < s->streams; i++) {
		int got = stream_fill(s, i);
		uint64_t tsc;

		if (got < 0)
			return got;
		if (!got)
			continue;
		tsc = s->stream[i].held.first->tsc;
		if (found && tsc >= oldest)
			continue;
		found = 1;
		oldest = tsc;
		s->current = i;
	}
	return found;
}

/* How many of the oldest stream's records are older than all others are. */
static unsigned int oldest_count(const struct source *s)
{
	const struct event_run *run = &s->stream[s->current].held;
	uint64_t limit = UINT64_MAX;
	unsigned int n = 1;

	for (unsigned int i = 0; i < s->streams; i++) {
		const struct event_run *other = &s->stream[i].held;
		uint64_t last;

		if (i == s->current || !other->count)
			continue;
		/* of equals the first stream's; below it, none is equal */
		last = other->first->tsc - (i < s->current);
		if (last < limit)
			limit = last;
	}
	if (limit == UINT64_MAX)
		return run->count;
	while (n < run->count &&
	       ((const struct event_header *)
		event_run_record(run->first, n))->tsc <= limit)
		n++;
	return n;
}

int source_read(struct source *s, struct event_run *run)
{
	int got = s->merged ? oldest_choose(s) : turn_choose(s);
	struct event_run *held = &s->stream[s->current].held;

	s->given.count = 0;
	if (got <= 0)
		return got;
	*run = *held;
	if (s->merged)
		run->count = oldest_count(s);
	else
		s->turn -= run->count < s->turn ? run->count : s->turn;
	event_run_drop(held, run->count);
	s->given = *run;
	return 1;
}

void source_unread(struct source *s, unsigned int records)
{
	struct event_run *held = &s->stream[s->current].held;
	struct event_run back = s->given;

	if (!records || records > back.count)
		return;
	/* what is held lies behind it */
	event_run_drop(&back, back.count - records);
	back.count += held->count;
	*held = back;
	s->given.count = 0;
}

static void counts_put_back(struct source_cpu_counts *counts,
			    const struct event_run *held)
{
	if (held->first->id == EVENT_LOST)
		counts->missed -= ((const struct event_lost *)
				   held->first)->missed;
	else
		counts->read -= held->count;
}

void source_counts(const struct source *s, unsigned int cpu,
		   struct source_cpu_counts *counts)
{
	memset(counts, 0, sizeof(*counts));
	if (cpu >= s->origin.cpus)
		return;
	s->ops->counts(s, cpu, counts);
	for (unsigned int i = 0; i < s->streams; i++)
		if (s->stream[i].held.count && s->stream[i].held.cpu == cpu)
			counts_put_back(counts, &s->stream[i].held);
	if (s->file)
		counts->written = counts->read + counts->missed;
}

uint64_t source_disordered(const struct source *s)
{
	return s->disordered;
}

void source_close(struct source *s)
{
	if (s)
		s->ops->close(s);
}

const char *source_error(const struct source *s)
{
	return s->error;
}

const struct origin *source_origin(const struct source *s)
{
	return &s->origin;
}

unsigned int source_cpus(const struct source *s)
{
	return s->origin.cpus;
}

const struct trace_file_header *source_file_header(const struct source *s)
{
	return s->file ? &s->file->header : NULL;
}

const struct trace_damage *source_damage(const struct source *s,
					 size_t *count)
{
	*count = s->file ? s->file->damages : 0;
	return s->file ? s->file->damage : NULL;
}

struct source_sizes source_sizes(const struct source *s)
{
	return s->file ? s->file->sizes : (struct source_sizes){ 0 };
}

bool source_is_growing(const struct source *s)
{
	return s->file && s->file->growing;
}

bool source_is_foreign(const struct source *s)
{
	return s->file && s->file->foreign;
}

bool source_was_cut(const struct source *s, uint64_t *at_byte)
{
	if (!s->file || !s->file->cut)
		return false;
	*at_byte = s->file->cut_at;
	return true;
}

const struct trace_end *source_end(const struct source *s)
{
	return s->file && s->file->ended ? &s->file->end : NULL;
}

const char *source_kallsyms(const struct source *s, unsigned int vm,
			    size_t *bytes)
{
	*bytes = 0;
	if (!s->file || vm >= s->file->vms)
		return NULL;
	*bytes = s->file->vm[vm].kallsyms_bytes;
	return s->file->vm[vm].kallsyms;
}

const struct trace_process *source_processes(const struct source *s,
					     unsigned int vm, size_t *count)
{
	*count = 0;
	if (!s->file || vm >= s->file->vms)
		return NULL;
	*count = s->file->vm[vm].process_count;
	return s->file->vm[vm].processes;
}

int source_fail(struct source *s, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(s->error, sizeof(s->error), format, args);
	va_end(args);
	return err;
}
