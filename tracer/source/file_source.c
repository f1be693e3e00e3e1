/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A trace file as a source: what the chunks mean.
 *
 * A chunk of events is checked as a whole before its first record goes out,
 * so the records before a damaged chunk are good, and nobody behind this
 * can be led out of bounds by one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/file/reader.h"
#include "tracer/event/event_check.h"
#include "tracer/source/source_ops.h"

struct file_source {
	struct source s;
	struct source_file_info info;
	struct trace_reader *reader;
	/* what is left of the chunk that is being handed out */
	const char *at, *end;
	unsigned int cpu;
	int finished;		/* what next() returns from now on, if <= 0 */
	/* the first such chunk, 0: none; and what is wrong with it */
	uint64_t bad_processes_at;
	const char *bad_processes;
	struct {
		uint64_t read, missed;
	} counts[ANCHOR_CPUS_MAX];
};

static int chunk_fail(struct file_source *f,
		      const struct trace_reader_chunk *chunk, int err,
		      const char *fault)
{
	return source_fail(&f->s, err, "at byte %llu: %s",
			   (unsigned long long)chunk->at_byte, fault);
}

static int events_take(struct file_source *f,
		       const struct trace_reader_chunk *chunk)
{
	const struct trace_chunk *head = &chunk->head;
	const char *raw = chunk->raw;
	unsigned int slots = head->raw_bytes / EVENT_SLOT_BYTES;
	unsigned int at = 0, records = 0;

	if (head->cpu >= f->s.machine.cpus)
		return chunk_fail(f, chunk, -EBADMSG,
				  "events of a CPU that the machine lacks");
	if (head->raw_bytes % EVENT_SLOT_BYTES)
		return chunk_fail(f, chunk, -EBADMSG, "part of a record");
	while (at < slots) {
		const struct event_header *ev = (const struct event_header *)
			(raw + (size_t)at * EVENT_SLOT_BYTES);
		const char *fault = event_fault(ev, slots - at);

		if (fault)
			return chunk_fail(f, chunk, -EBADMSG, fault);
		at += ev->slots;
		records++;
	}
	if (records != head->records)
		return chunk_fail(f, chunk, -EBADMSG,
				  "a chunk that miscounts its records");
	f->cpu = head->cpu;
	f->at = raw;
	f->end = raw + head->raw_bytes;
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
		if (cpu[i].read != f->counts[i].read ||
		    cpu[i].missed != f->counts[i].missed ||
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

/* Chunks that were understood when the file was opened: are they in place? */
static int known_check(struct file_source *f,
		       const struct trace_reader_chunk *chunk)
{
	if (chunk->head.kind == TRACE_CHUNK_MACHINE &&
	    chunk->at_byte != f->info.header.header_bytes)
		return chunk_fail(f, chunk, -EBADMSG, "a second machine");
	if (chunk->head.kind == TRACE_CHUNK_KALLSYMS &&
	    chunk->head.vm >= ANCHOR_VMS_MAX)
		return chunk_fail(f, chunk, -EBADMSG,
				  "symbols of a VM that cannot be");
	if (chunk->at_byte == f->bad_processes_at)
		return chunk_fail(f, chunk, -EBADMSG, f->bad_processes);
	return 0;
}

/* 1: events to hand out. 0: end of the trace. */
static int chunk_load(struct file_source *f)
{
	struct trace_reader_chunk chunk;
	int got;

	for (;;) {
		got = trace_reader_next(f->reader, &chunk);
		if (got < 0)
			return chunk_fail(f, &chunk, got,
					  trace_reader_fault(f->reader));
		if (!got) {
			f->info.cut = true;
			f->info.cut_at = chunk.at_byte;
			return 0;
		}
		if (chunk.head.kind == TRACE_CHUNK_EVENTS)
			got = events_take(f, &chunk);
		else if (chunk.head.kind == TRACE_CHUNK_END)
			return end_check(f, &chunk);
		else
			got = known_check(f, &chunk);
		/* an empty chunk of events is odd, but not wrong */
		if (got < 0 || f->at < f->end)
			return got;
	}
}

static int file_source_next(struct source *s, const struct event_header **ev,
			    unsigned int *cpu)
{
	struct file_source *f = (struct file_source *)s;

	if (f->at == f->end && f->finished > 0)
		f->finished = chunk_load(f);
	if (f->finished <= 0)
		return f->finished;
	*ev = (const struct event_header *)f->at;
	*cpu = f->cpu;
	f->at += (size_t)(*ev)->slots * EVENT_SLOT_BYTES;
	if ((*ev)->id == EVENT_LOST)
		f->counts[f->cpu].missed +=
			((const struct event_lost *)*ev)->missed;
	else
		f->counts[f->cpu].read++;
	return 1;
}

static void file_source_counts(const struct source *s, unsigned int cpu,
			       struct source_cpu_counts *counts)
{
	const struct file_source *f = (const struct file_source *)s;

	counts->read = f->counts[cpu].read;
	counts->missed = f->counts[cpu].missed;
	counts->written = counts->read + counts->missed;
}

static void file_source_close(struct source *s)
{
	struct file_source *f = (struct file_source *)s;

	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++) {
		free(f->info.kallsyms[vm]);
		free(f->info.processes[vm]);
	}
	trace_reader_close(f->reader);
	free(f);
}

static const struct source_ops file_source_ops = {
	.next = file_source_next,
	.counts = file_source_counts,
	.close = file_source_close,
};

/* A damaged chunk is passed over here: next() will come to it and say so. */
static int kallsyms_load(struct file_source *f, unsigned int vm, uint64_t at)
{
	struct trace_reader_chunk chunk;
	char *text;

	trace_reader_seek(f->reader, at);
	if (trace_reader_next(f->reader, &chunk) <= 0)
		return 0;
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

/* Of the chunk there; next() will come to damage and say so. */
static int processes_load(struct file_source *f, uint64_t at)
{
	struct trace_reader_chunk chunk;

	trace_reader_seek(f->reader, at);
	if (trace_reader_next(f->reader, &chunk) > 0)
		return f->bad_processes ? 0 : processes_append(f, &chunk);
	trace_reader_seek(f->reader, at);
	trace_reader_skip(f->reader, &chunk);
	return 0;
}

/*
 * Symbols and processes may stand behind the events that need them: look
 * ahead.
 */
static int names_find(struct file_source *f)
{
	uint64_t at[ANCHOR_VMS_MAX] = { 0 };
	struct trace_reader_chunk chunk;
	int err = 0;

	while (!err && trace_reader_skip(f->reader, &chunk) > 0) {
		if (chunk.head.kind == TRACE_CHUNK_KALLSYMS &&
		    chunk.head.vm < ANCHOR_VMS_MAX)
			at[chunk.head.vm] = chunk.at_byte;
		else if (chunk.head.kind == TRACE_CHUNK_PROCESSES)
			err = processes_load(f, chunk.at_byte);
	}
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX && !err; vm++)
		if (at[vm])
			err = kallsyms_load(f, vm, at[vm]);
	trace_reader_seek(f->reader, 0);
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
	err = machine_read(f, why);
	if (!err) {
		*why = "out of memory";
		err = names_find(f);
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
