/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A trace file as a source: what the chunks mean.
 *
 * Their places are listed when the file is opened, so that each CPU's are a
 * stream of its own, and each is decompressed once, into that stream's
 * buffer. A chunk of events is checked as a whole before its first record
 * goes out, so nobody behind this can be led out of bounds by one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/event/event_check.h"
#include "tracer/file/reader.h"
#include "tracer/source/source.h"
#include "tracer/source/source_ops.h"

/* so long that asking costs little, so short that caches hold it */
#define RUN_RECORDS_MAX	128

struct file_chunk {
	uint64_t at_byte;
	uint16_t kind;
	uint16_t cpu, vm;
	bool checked;		/* whole, and what it should be */
};

struct file_stream {
	size_t next;		/* chunk, from which on to look for one */
	bool ended;
	/* what is left of the chunk that is being handed out */
	const char *at, *end;
	struct trace_buffer buffer;
	uint64_t read, missed;
};

struct file_source {
	struct source s;
	struct source_file_info info;
	struct trace_reader *reader;
	/* all, up to END or to where no chunk begins */
	struct file_chunk *chunk;
	size_t chunks, chunks_max;
	uint64_t behind;	/* byte, where the last of them ends */
	struct file_stream *stream;
	unsigned int streaming;	/* streams that have not ended */
	int finished;		/* what read() returns from now on, if <= 0 */
	/* the first such chunk, 0: none; and what is wrong with it */
	uint64_t bad_processes_at;
	const char *bad_processes;
};

static int chunk_fail(struct file_source *f,
		      const struct trace_reader_chunk *chunk, int err,
		      const char *fault)
{
	return source_fail(&f->s, err, "at byte %llu: %s",
			   (unsigned long long)chunk->at_byte, fault);
}

static const char *events_fault(const struct trace_reader_chunk *chunk)
{
	const struct trace_chunk *head = &chunk->head;
	const char *raw = chunk->raw;
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

/* 1: *chunk is the one that was listed. */
static int chunk_read(struct file_source *f, struct file_chunk *listed,
		      struct trace_reader_chunk *chunk)
{
	int got;

	trace_reader_seek(f->reader, listed->at_byte);
	got = trace_reader_next(f->reader, chunk);
	if (got < 0)
		return chunk_fail(f, chunk, got,
				  trace_reader_fault(f->reader));
	/* it was all there when it was listed */
	if (!got)
		return chunk_fail(f, chunk, -EBADMSG,
				  "the file became shorter");
	if (chunk->head.kind != listed->kind ||
	    chunk->head.cpu != listed->cpu || chunk->head.vm != listed->vm)
		return chunk_fail(f, chunk, -EBADMSG, "the file was changed");
	listed->checked = true;
	return 1;
}

static int end_check(struct file_source *f,
		     const struct trace_reader_chunk *chunk)
{
	const struct trace_end *end = chunk->raw;
	const struct trace_end_cpu *cpu = (const void *)(end + 1);
	unsigned int cpus = f->s.machine.cpus;

	if (chunk->head.raw_bytes != sizeof(*end) + cpus * sizeof(*cpu) ||
	    end->cpus != cpus)
		return chunk_fail(f, chunk, -EBADMSG,
				  "an end of another machine");
	for (unsigned int i = 0; i < cpus; i++)
		if (cpu[i].read != f->stream[i].read ||
		    cpu[i].missed != f->stream[i].missed ||
		    cpu[i].written != cpu[i].read + cpu[i].missed)
			return chunk_fail(f, chunk, -EBADMSG,
					  "the records are not those that the end counts");
	if (!trace_reader_at_end(f->reader))
		return chunk_fail(f, chunk, -EBADMSG,
				  "the file goes on behind its end");
	f->info.end = *end;
	f->info.ended = true;
	return 0;
}

/* NULL: processes that can be taken behind those that there are. */
static const char *processes_fault(const struct file_source *f,
				   const struct trace_chunk *head)
{
	size_t count = head->raw_bytes / sizeof(struct trace_process);

	if (head->vm >= ANCHOR_VMS_MAX)
		return "processes of a VM that cannot be";
	if (head->raw_bytes % sizeof(struct trace_process))
		return "part of a process";
	if (count > TRACE_PROCESSES_MAX - f->info.process_count[head->vm])
		return "more processes than a trace may have";
	return NULL;
}

/* What no stream came to: is it what it should be? */
static int other_check(struct file_source *f,
		       const struct trace_reader_chunk *chunk)
{
	const struct trace_chunk *head = &chunk->head;

	if (head->kind == TRACE_CHUNK_EVENTS)
		return chunk_fail(f, chunk, -EBADMSG,
				  "events of a CPU that the machine lacks");
	if (head->kind == TRACE_CHUNK_MACHINE &&
	    chunk->at_byte != f->info.header.header_bytes)
		return chunk_fail(f, chunk, -EBADMSG, "a second machine");
	if (head->kind == TRACE_CHUNK_KALLSYMS && head->vm >= ANCHOR_VMS_MAX)
		return chunk_fail(f, chunk, -EBADMSG,
				  "symbols of a VM that cannot be");
	if (chunk->at_byte == f->bad_processes_at)
		return chunk_fail(f, chunk, -EBADMSG, f->bad_processes);
	return 0;
}

/* What stands where the list ends. */
static int rest_check(struct file_source *f)
{
	struct trace_reader_chunk chunk;
	int got;

	trace_reader_seek(f->reader, f->behind);
	got = trace_reader_next(f->reader, &chunk);
	if (got < 0)
		return chunk_fail(f, &chunk, got,
				  trace_reader_fault(f->reader));
	f->info.cut = true;
	f->info.cut_at = chunk.at_byte;
	return 0;
}

/* All events were handed out: 0 if the rest of the file is good, too. */
static int file_finish(struct file_source *f)
{
	struct trace_reader_chunk chunk;

	for (size_t i = 0; i < f->chunks; i++) {
		int err;

		if (f->chunk[i].checked)
			continue;
		err = chunk_read(f, &f->chunk[i], &chunk);
		if (err < 0)
			return err;
		if (chunk.head.kind == TRACE_CHUNK_END)
			return end_check(f, &chunk);
		err = other_check(f, &chunk);
		if (err)
			return err;
	}
	return rest_check(f);
}

/* 1: events to hand out. 0: the stream has no more chunks. */
static int chunk_load(struct file_source *f, struct file_stream *stream,
		      unsigned int cpu)
{
	struct trace_reader_chunk chunk;
	const char *fault;

	/* an empty chunk of events is odd, but not wrong */
	while (stream->at == stream->end) {
		struct file_chunk *c = &f->chunk[stream->next];

		if (stream->next == f->chunks)
			return 0;
		stream->next++;
		if (c->kind != TRACE_CHUNK_EVENTS || c->cpu != cpu)
			continue;
		if (chunk_read(f, c, &chunk) < 0)
			return -EBADMSG;
		fault = events_fault(&chunk);
		if (fault)
			return chunk_fail(f, &chunk, -EBADMSG, fault);
		trace_reader_keep(f->reader, &stream->buffer);
		stream->at = stream->buffer.at;
		stream->end = stream->at + chunk.head.raw_bytes;
	}
	return 1;
}

/* What must be alike in a run: kind, length and VM. */
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

static void run_take(struct file_stream *stream, struct event_run *run)
{
	run->first = (const struct event_header *)stream->at;
	run->count = run_length(stream);
	stream->at = event_run_record(run->first, run->count);
	if (run->first->id == EVENT_LOST)
		stream->missed += ((const struct event_lost *)
				   run->first)->missed;
	else
		stream->read += run->count;
}

static int file_source_read(struct source *s, unsigned int cpu,
			    struct event_run *run)
{
	struct file_source *f = (struct file_source *)s;
	struct file_stream *stream = &f->stream[cpu];
	int got;

	if (f->finished <= 0)
		return f->finished;
	got = chunk_load(f, stream, cpu);
	if (got > 0) {
		run->cpu = cpu;
		run_take(stream, run);
		return 1;
	}
	if (got < 0)
		f->finished = got;
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

	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++) {
		free(f->info.kallsyms[vm]);
		free(f->info.processes[vm]);
	}
	for (unsigned int i = 0; f->stream && i < f->s.machine.cpus; i++)
		free(f->stream[i].buffer.at);
	free(f->stream);
	free(f->chunk);
	trace_reader_close(f->reader);
	source_exit(s);
	free(f);
}

static const struct source_ops file_source_ops = {
	.read = file_source_read,
	.counts = file_source_counts,
	.close = file_source_close,
};

/* Damage is passed over here: file_finish() will come to it and say so. */
static int kallsyms_load(struct file_source *f, struct file_chunk *listed)
{
	struct trace_reader_chunk chunk;
	unsigned int vm;
	char *text;

	if (chunk_read(f, listed, &chunk) < 0)
		return 0;
	vm = chunk.head.vm;
	text = malloc((size_t)chunk.head.raw_bytes + 1);
	if (!text)
		return -ENOMEM;
	memcpy(text, chunk.raw, chunk.head.raw_bytes);
	text[chunk.head.raw_bytes] = 0;
	f->info.kallsyms[vm] = text;
	f->info.kallsyms_bytes[vm] = chunk.head.raw_bytes;
	return 0;
}

static int processes_append(struct file_source *f,
			    const struct trace_reader_chunk *chunk)
{
	struct source_file_info *info = &f->info;
	unsigned int vm = chunk->head.vm;
	size_t more = chunk->head.raw_bytes / sizeof(struct trace_process);
	struct trace_process *grown;

	f->bad_processes = processes_fault(f, &chunk->head);
	if (f->bad_processes) {
		f->bad_processes_at = chunk->at_byte;
		return 0;
	}
	grown = reallocarray(info->processes[vm],
			     info->process_count[vm] + more + 1,
			     sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	memcpy(grown + info->process_count[vm], chunk->raw,
	       more * sizeof(*grown));
	info->processes[vm] = grown;
	info->process_count[vm] += more;
	return 0;
}

/* As kallsyms_load(); and what stands behind bad ones is not taken. */
static int processes_load(struct file_source *f, struct file_chunk *listed)
{
	struct trace_reader_chunk chunk;
	int err;

	if (f->bad_processes || chunk_read(f, listed, &chunk) < 0)
		return 0;
	err = processes_append(f, &chunk);
	listed->checked = !f->bad_processes;
	return err;
}

static int chunk_list(struct file_source *f,
		      const struct trace_reader_chunk *chunk)
{
	struct source_sizes *sizes = &f->info.sizes;
	struct file_chunk *grown;

	if (f->chunks == f->chunks_max) {
		f->chunks_max = f->chunks_max ? 2 * f->chunks_max : 64;
		grown = reallocarray(f->chunk, f->chunks_max, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		f->chunk = grown;
	}
	f->chunk[f->chunks++] = (struct file_chunk){
		.at_byte = chunk->at_byte,
		.kind = chunk->head.kind,
		.cpu = chunk->head.cpu,
		.vm = chunk->head.vm,
	};
	sizes->chunks++;
	sizes->stored_bytes += chunk->head.stored_bytes;
	sizes->raw_bytes += chunk->head.raw_bytes;
	return 0;
}

/* As their headers say, which is not to be trusted before they are read. */
static int chunks_list(struct file_source *f)
{
	struct trace_reader_chunk chunk;
	int err = 0;

	trace_reader_seek(f->reader, 0);
	while (!err && trace_reader_skip(f->reader, &chunk) > 0) {
		err = chunk_list(f, &chunk);
		if (chunk.head.kind == TRACE_CHUNK_END)
			break;
	}
	f->behind = chunk.at_byte;
	/* the machine was read */
	if (f->chunks)
		f->chunk[0].checked = true;
	return err;
}

/* Symbols and processes may stand behind the events that need them. */
static int names_load(struct file_source *f)
{
	struct file_chunk *kallsyms[ANCHOR_VMS_MAX] = { NULL };
	int err = 0;

	for (size_t i = 0; !err && i < f->chunks; i++) {
		struct file_chunk *c = &f->chunk[i];

		if (c->kind == TRACE_CHUNK_KALLSYMS && c->vm < ANCHOR_VMS_MAX)
			kallsyms[c->vm] = c;
		else if (c->kind == TRACE_CHUNK_PROCESSES)
			err = processes_load(f, c);
	}
	/* the latest of each kernel are the most complete */
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX && !err; vm++)
		if (kallsyms[vm])
			err = kallsyms_load(f, kallsyms[vm]);
	return err;
}

/* The first chunk says which machine it was; nothing makes sense without. */
static int machine_read(struct file_source *f, const char **why)
{
	struct trace_reader_chunk chunk;
	int got = trace_reader_next(f->reader, &chunk);

	if (got < 0) {
		*why = trace_reader_fault(f->reader);
		return got;
	}
	*why = "cut before its first whole chunk";
	if (!got)
		return -EBADMSG;
	*why = "it does not say which machine it is of";
	if (chunk.head.kind != TRACE_CHUNK_MACHINE ||
	    chunk.head.raw_bytes != sizeof(f->s.machine))
		return -EBADMSG;
	memcpy(&f->s.machine, chunk.raw, sizeof(f->s.machine));
	*why = source_machine_fault(&f->s.machine);
	return *why ? -EBADMSG : 0;
}

static int streams_begin(struct file_source *f)
{
	f->streaming = f->s.machine.cpus;
	f->stream = calloc(f->streaming, sizeof(*f->stream));
	return f->stream ? source_init(&f->s, f->streaming) : -ENOMEM;
}

struct source *source_open_file(const char *path, const char **why)
{
	struct file_source *f = calloc(1, sizeof(*f));
	int err;

	*why = "out of memory";
	if (!f)
		return NULL;
	f->s.ops = &file_source_ops;
	f->s.file = &f->info;
	f->finished = 1;
	f->reader = trace_reader_open(path, why);
	if (!f->reader) {
		err = -errno;
		goto fail;
	}
	f->info.header = *trace_reader_header(f->reader);
	f->info.sizes.file_bytes = trace_reader_file_bytes(f->reader);
	f->info.growing = trace_reader_growing(f->reader);
	err = machine_read(f, why);
	if (!err) {
		*why = "out of memory";
		err = streams_begin(f) ?: chunks_list(f) ?: names_load(f);
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
