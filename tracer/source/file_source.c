/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A trace file as a source: what the chunks mean.
 *
 * Their places are listed when the file is opened, so that each CPU's are a
 * stream of its own, and each is decompressed once, into that stream's
 * buffer. A chunk of events is checked as a whole before its first record
 * goes out, so nobody behind this can be led out of bounds by one.
 *
 * Damage is passed over. Records have numbers, so those behind it tell how
 * many are missing, which is an EVENT_LOST there; where none are behind it,
 * the end chunk tells.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/event/event_check.h"
#include "tracer/file/machine_chunk.h"
#include "tracer/file/reader.h"
#include "tracer/file/resync.h"
#include "tracer/file/version1.h"
#include "tracer/source/file_chunks.h"
#include "tracer/source/file_gaps.h"
#include "tracer/source/file_names.h"
#include "tracer/source/file_source.h"
#include "tracer/source/source_ops.h"

/* so long that asking costs little, so short that caches hold it */
#define RUN_RECORDS_MAX	128

struct file_stream {
	size_t next;		/* chunk, from which on to look for one */
	bool ended;
	/* what is left of the chunk that is being handed out */
	const char *at, *end;
	struct trace_buffer buffer;
	uint64_t read, missed;
	/* of the last record */
	bool begun;
	uint32_t next_seq;
	uint64_t last_tsc;
	uint64_t last_byte;	/* where its chunk ends */
	/* of the first one, and where its chunk begins */
	uint64_t first_tsc, first_byte;
	struct event_lost lost;	/* comes next, if it waits */
	bool lost_waits;
};

struct file_source {
	struct source s;
	struct source_file_info info;
	struct trace_reader *reader;
	struct file_chunks list;
	void *machine;		/* its chunk, which a copy must be like */
	size_t machine_bytes;
	struct file_stream *stream;
	unsigned int streaming;	/* streams that have not ended */
	int finished;		/* what read() returns from now on, if <= 0 */
	struct file_chunk *end_chunk;	/* NULL: none that is whole */
	struct trace_end_cpu end_cpu[ANCHOR_CPUS_MAX];
	struct file_gaps gaps;
};

static const char *events_fault(const struct trace_chunk *head,
				const char *raw)
{
	unsigned int slots = head->raw_bytes / EVENT_SLOT_BYTES;
	unsigned int at = 0, records = 0;

	if (head->raw_bytes % EVENT_SLOT_BYTES)
		return "part of a record";
	while (at < slots) {
		const struct event_header *ev = (const struct event_header *)
			(raw + (size_t)at * EVENT_SLOT_BYTES);
		const char *fault = event_fault(ev, slots - at);

		if (fault)
			return fault;
		at += ev->slots;
		records++;
	}
	if (records != head->records)
		return "a chunk that miscounts its records";
	return NULL;
}

/* NULL: the chunk's records are good, and as the present version has them. */
static const char *events_check(const struct file_source *f,
				const struct trace_chunk *head, void *raw)
{
	const char *fault = NULL;

	if (f->info.header.version == 1)
		fault = version1_events(raw, head->raw_bytes);
	return fault ? fault : events_fault(head, raw);
}

/* Reads its end, before the events. */
static int end_load(struct file_source *f)
{
	struct trace_reader_chunk chunk;
	struct file_chunk *last = &f->list.chunk[f->list.count - 1];
	const struct trace_end *end;
	unsigned int cpus = f->s.origin.cpus;
	int got;

	if (last->kind != TRACE_CHUNK_END)
		return 0;
	got = file_chunks_read(&f->list, last, &chunk);
	if (got <= 0)
		return got;
	end = chunk.raw;
	if (chunk.head.raw_bytes != sizeof(*end) +
	    cpus * sizeof(f->end_cpu[0]) || end->cpus != cpus)
		return file_chunks_bad(&f->list, last, "an end of another "
				       "machine");
	f->info.end = *end;
	memcpy(f->end_cpu, end + 1, cpus * sizeof(f->end_cpu[0]));
	f->end_chunk = last;
	return 0;
}

/* Without damage, the end must count what was read; with it, what is missing
 * as well. */
static bool end_is_true(const struct file_source *f)
{
	for (unsigned int i = 0; i < f->s.origin.cpus; i++) {
		const struct trace_end_cpu *cpu = &f->end_cpu[i];
		const struct file_stream *stream = &f->stream[i];

		if (cpu->written != cpu->read + cpu->missed ||
		    cpu->written != stream->read + stream->missed)
			return false;
		if (!f->list.damages && !f->gaps.count && cpu->read != stream->read)
			return false;
	}
	return true;
}

static bool is_machine(unsigned int kind)
{
	return kind == TRACE_CHUNK_MACHINE || kind == TRACE_CHUNK_MACHINE_COPY;
}

static const char *other_fault(const struct file_source *f,
			       const struct trace_reader_chunk *chunk)
{
	if (chunk->head.kind == TRACE_CHUNK_EVENTS)
		return "events of a CPU that the machine lacks";
	if (is_machine(chunk->head.kind) &&
	    (chunk->head.raw_bytes != f->machine_bytes ||
	     memcmp(chunk->raw, f->machine, f->machine_bytes)))
		return "a second machine";
	return NULL;
}

/* Checks the chunks that nobody has read yet. */
static int others_check(struct file_source *f)
{
	struct trace_reader_chunk chunk;
	const char *fault;
	int got = 0;

	for (size_t i = 0; got >= 0 && i < f->list.count; i++) {
		struct file_chunk *c = &f->list.chunk[i];

		if (c->checked || (c->kind == TRACE_CHUNK_EVENTS &&
				   c->cpu < f->s.origin.cpus))
			continue;
		got = file_chunks_read(&f->list, c, &chunk);
		fault = got > 0 ? other_fault(f, &chunk) : NULL;
		if (fault)
			got = file_chunks_bad(&f->list, c, fault);
	}
	return got < 0 ? got : 0;
}

/* Could a CPU have had records there that nothing behind tells of? */
static bool records_may_be_more(const struct file_source *f,
				const struct trace_damage *d)
{
	for (unsigned int i = 0; !f->end_chunk && i < f->s.origin.cpus; i++)
		if (f->stream[i].last_byte <= d->from_byte ||
		    f->stream[i].first_byte > d->from_byte)
			return true;
	return false;
}

static int damage_explain(struct file_source *f)
{
	struct file_chunks *l = &f->list;
	int err;

	file_damage_sort(l);
	/* another trace has counts of its own */
	for (size_t i = 0; i < l->damages; i++)
		l->damage[i].at_least = !l->damage[i].records &&
			records_may_be_more(f, &l->damage[i]);
	err = file_gaps_explain(&f->gaps, l);
	file_damage_sort(l);
	f->info.damage = l->damage;
	f->info.damages = l->damages;
	return err;
}

/* All events were handed out. */
static int file_finish(struct file_source *f)
{
	int err = others_check(f);

	f->info.ended = f->end_chunk && end_is_true(f);
	if (!err && f->end_chunk && !f->info.ended)
		err = file_chunks_bad(&f->list, f->end_chunk, "the records are "
				      "not those that the end counts");
	f->info.cut = !f->info.ended;
	f->info.cut_at = f->list.end_byte;
	f->info.sizes.zero_bytes = f->list.zeros;
	return err ? err : damage_explain(f);
}

/* Makes the EVENT_LOST that stands before what comes next, if anything. */
static int lost_make(struct file_source *f, struct file_stream *stream,
		     struct file_gap gap)
{
	stream->lost = (struct event_lost){
		.h = { .id = EVENT_LOST, .slots = 1, .vm = EVENT_NO_VM,
		       .tsc = stream->begun ? stream->last_tsc : gap.to_tsc,
		       .seq = stream->next_seq },
		.missed = gap.records,
		.resumed_tsc = gap.to_tsc ? gap.to_tsc : stream->last_tsc,
	};
	stream->lost_waits = true;
	return file_gaps_add(&f->gaps, &gap);
}

/* 1: a chunk that goes on from the last. 0: it does not, which is noted. */
static int chunk_follows(struct file_source *f, struct file_stream *stream,
			 struct file_chunk *c)
{
	const struct event_header *first = stream->buffer.at;
	uint32_t gap = first->seq - stream->next_seq;
	int err = 0;

	if (stream->begun && gap > INT32_MAX) {
		err = file_chunks_bad(&f->list, c, "records that were there "
				      "before");
		return err;
	}
	if (stream->begun && gap)
		err = lost_make(f, stream, (struct file_gap){
			.after_byte = stream->last_byte,
			.before_byte = c->at_byte, .records = gap,
			.from_tsc = stream->last_tsc, .to_tsc = first->tsc });
	if (!stream->begun) {
		stream->first_byte = c->at_byte;
		stream->first_tsc = first->tsc;
	}
	stream->last_byte = c->end_byte;
	return err ? err : 1;
}

/* 1: events to hand out. 0: the chunk has none, or is damaged. */
static int chunk_take(struct file_source *f, struct file_stream *stream,
		      struct file_chunk *c)
{
	struct trace_reader_chunk chunk;
	const char *fault;
	int got = file_chunks_read(&f->list, c, &chunk);

	if (got <= 0)
		return got;
	trace_reader_keep(f->reader, &stream->buffer);
	fault = events_check(f, &chunk.head, stream->buffer.at);
	if (fault)
		return file_chunks_bad(&f->list, c, fault);
	/* an empty chunk of events is odd, but not wrong */
	if (!chunk.head.raw_bytes)
		return 0;
	got = chunk_follows(f, stream, c);
	if (got <= 0)
		return got;
	stream->at = stream->buffer.at;
	stream->end = stream->at + chunk.head.raw_bytes;
	return 1;
}

static bool is_damaged(const struct file_source *f, uint64_t from_byte)
{
	for (size_t i = 0; i < f->list.damages; i++)
		if (f->list.damage[i].from_byte >= from_byte &&
		    f->list.damage[i].from_byte < f->list.end_byte)
			return true;
	return false;
}

/* Behind the last chunk: 1 if the end counts more, and damage explains it. */
static int rest_take(struct file_source *f, struct file_stream *stream,
		     unsigned int cpu)
{
	const struct trace_end_cpu *end = &f->end_cpu[cpu];
	uint64_t known = stream->read + stream->missed;
	int err;

	if (!f->end_chunk || end->written <= known)
		return 0;
	err = others_check(f);
	if (err || !f->list.damages)
		return err;
	/* with a number on one side only, it is before or behind all of them */
	if (is_damaged(f, stream->last_byte))
		err = lost_make(f, stream, (struct file_gap){
			.after_byte = stream->last_byte,
			.before_byte = f->end_chunk->at_byte,
			.records = end->written - known,
			.from_tsc = stream->last_tsc });
	else
		err = lost_make(f, stream, (struct file_gap){
			.before_byte = stream->first_byte,
			.records = end->written - known,
			.to_tsc = stream->first_tsc });
	return err ? err : 1;
}

/* 1: something to hand out. 0: the stream has no more chunks. */
static int stream_fill(struct file_source *f, struct file_stream *stream,
		       unsigned int cpu)
{
	int got = 0;

	if (stream->at != stream->end)
		return 1;
	while (!got && stream->next < f->list.count) {
		struct file_chunk *c = &f->list.chunk[stream->next++];

		if (c->kind == TRACE_CHUNK_EVENTS && c->cpu == cpu)
			got = chunk_take(f, stream, c);
	}
	return got || stream->ended ? got : rest_take(f, stream, cpu);
}

/* Kind, length and VM: they must be alike in a run. */
static uint32_t record_kind(const struct event_header *ev)
{
	return (uint32_t)ev->vm << 16 | (uint32_t)ev->slots << 8 | ev->id;
}

static unsigned int run_length(const struct file_stream *stream)
{
	const struct event_header *first = (const void *)stream->at;
	size_t max = (size_t)(stream->end - stream->at) /
		((size_t)first->slots * EVENT_SLOT_BYTES);
	unsigned int n = 1;

	if (first->id == EVENT_LOST)
		return 1;
	if (max > RUN_RECORDS_MAX)
		max = RUN_RECORDS_MAX;
	while (n < max && record_kind(event_run_record(first, n)) ==
	       record_kind(first))
		n++;
	return n;
}

static void lost_take(struct file_stream *stream, struct event_run *run)
{
	run->first = &stream->lost.h;
	run->count = 1;
	stream->missed += stream->lost.missed;
	stream->next_seq += (uint32_t)stream->lost.missed;
}

static void events_take(struct file_stream *stream, struct event_run *run)
{
	const struct event_header *last;

	run->first = (const struct event_header *)stream->at;
	run->count = run_length(stream);
	stream->at = event_run_record(run->first, run->count);
	last = event_run_record(run->first, run->count - 1);
	stream->begun = true;
	stream->last_tsc = last->tsc;
	stream->next_seq = last->seq + 1;
	if (last->id == EVENT_LOST) {
		const struct event_lost *lost = (const void *)last;

		stream->next_seq = last->seq + (uint32_t)lost->missed;
		stream->missed += lost->missed;
	} else {
		stream->read += run->count;
	}
}

static void run_take(struct file_stream *stream, struct event_run *run)
{
	/* its record stays as it is until the next is made */
	if (stream->lost_waits)
		lost_take(stream, run);
	else
		events_take(stream, run);
	stream->lost_waits = false;
}

static int file_source_read(struct source *s, unsigned int cpu,
			    struct event_run *run)
{
	struct file_source *f = (struct file_source *)s;
	struct file_stream *stream = &f->stream[cpu];
	int got;

	if (f->finished <= 0)
		return f->finished;
	got = stream_fill(f, stream, cpu);
	if (got > 0) {
		run->cpu = cpu;
		run_take(stream, run);
		return 1;
	}
	if (got < 0)
		f->finished = source_fail(s, got, "%s", got == -ENOMEM ?
					  "out of memory" :
					  trace_reader_fault(f->reader));
	else if (!stream->ended && --f->streaming == 0)
		f->finished = file_finish(f);
	stream->ended = true;
	return f->finished < 0 ? f->finished : 0;
}

static void file_source_counts(const struct source *s, unsigned int cpu,
			       struct source_cpu_counts *counts)
{
	const struct file_source *f = (const struct file_source *)s;

	counts->read = f->stream[cpu].read;
	counts->missed = f->stream[cpu].missed;
	counts->written = counts->read + counts->missed;
}

static void file_source_close(struct source *s)
{
	struct file_source *f = (struct file_source *)s;

	file_names_free(&f->info);
	file_chunks_free(&f->list);
	free(f->gaps.gap);
	for (unsigned int i = 0; f->stream && i < f->s.origin.cpus; i++)
		free(f->stream[i].buffer.at);
	free(f->stream);
	free(f->machine);
	trace_reader_close(f->reader);
	source_exit(s);
	free(f);
}

static const struct source_ops file_source_ops = {
	.read = file_source_read,
	.counts = file_source_counts,
	.close = file_source_close,
};

static const char *machine_take(struct file_source *f,
				const struct trace_reader_chunk *chunk)
{
	const char *fault = machine_chunk_read(&f->s.origin, chunk->raw,
					       chunk->head.raw_bytes);

	if (fault)
		return fault;
	f->machine_bytes = chunk->head.raw_bytes;
	f->machine = malloc(f->machine_bytes);
	if (!f->machine)
		return "out of memory";
	memcpy(f->machine, chunk->raw, f->machine_bytes);
	return NULL;
}

/* The first chunk is damaged: its copy stands somewhere behind it. */
static int copy_read(struct file_source *f, const char **why)
{
	uint64_t at = f->info.header.header_bytes;
	struct trace_reader_chunk chunk;

	*why = "its first chunk, which tells of which machine it is, is "
	       "damaged, and there is not a copy of it";
	while (resync_find(f->reader, at + 1, &at) == RESYNC_CHUNK) {
		trace_reader_seek(f->reader, at);
		if (trace_reader_next(f->reader, &chunk) <= 0)
			continue;
		if (is_machine(chunk.head.kind)) {
			*why = machine_take(f, &chunk);
			return *why ? -EBADMSG : 0;
		}
		at = chunk.at_byte + sizeof(chunk.head) +
			chunk.head.stored_bytes - 1;
	}
	return -EBADMSG;
}

/* The first chunk says which machine it was; nothing makes sense without. */
static int machine_read(struct file_source *f, const char **why)
{
	struct trace_reader_chunk chunk;
	int got = trace_reader_next(f->reader, &chunk);

	if (got == -EBADMSG)
		return copy_read(f, why);
	if (got < 0) {
		*why = trace_reader_fault(f->reader);
		return got;
	}
	*why = "cut before its first whole chunk";
	if (!got)
		return -EBADMSG;
	f->list.whole = 1;
	*why = chunk.head.kind == TRACE_CHUNK_MACHINE ?
		machine_take(f, &chunk) :
		"it does not say which machine it is of";
	return *why ? -EBADMSG : 0;
}

static int streams_begin(struct file_source *f)
{
	f->streaming = f->s.origin.cpus;
	f->stream = calloc(f->streaming, sizeof(*f->stream));
	return f->stream ? source_init(&f->s, f->streaming) : -ENOMEM;
}

static int chunks_load(struct file_source *f)
{
	int err = file_chunks_list(&f->list);

	if (err)
		return err;
	f->info.sizes = file_chunks_sizes(&f->list);
	if (f->list.whole)
		f->list.chunk[0].checked = true;
	return file_names_load(&f->info, &f->list, f->s.origin.vms) ?:
	       end_load(f);
}

struct source *file_source_open(int fd, const char **why)
{
	struct file_source *f = calloc(1, sizeof(*f));
	int err;

	*why = "out of memory";
	if (!f) {
		close(fd);
		return NULL;
	}
	f->s.ops = &file_source_ops;
	f->s.file = &f->info;
	f->finished = 1;
	f->reader = trace_reader_open(fd, why);
	if (!f->reader) {
		err = -errno;
		goto fail;
	}
	f->list.reader = f->reader;
	f->info.header = *trace_reader_header(f->reader);
	f->info.growing = trace_reader_growing(f->reader);
	err = machine_read(f, why);
	if (!err) {
		*why = "out of memory";
		err = streams_begin(f) ?: chunks_load(f);
	}
	if (!err) {
		*why = NULL;
		return &f->s;
	}
fail:
	file_source_close(&f->s);
	errno = -err;
	return NULL;
}
