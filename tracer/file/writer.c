/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writing a trace file: records queue up by CPU, and every chunk goes out
 * with one write(). The same calls give the same bytes behind the header.
 */
#include "tracer/file/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include <zstd.h>

#include "tracer/file/checksum.h"
#include "tracer/file/machine_chunk.h"

/* a recorder shares the machine with what it records: speed first */
#define ZSTD_LEVEL	1
#define QUEUE_BYTES	(TRACE_CHUNK_RECORDS * (size_t)EVENT_SLOT_BYTES)

/* The records of a CPU that wait for their chunk to be full. */
struct queue {
	char *at;
	size_t bytes, room;
	uint32_t records;
	uint64_t read, missed;	/* queued since the writer was opened */
};

struct trace_writer {
	int fd;			/* the caller's */
	off_t base;		/* where the trace begins; -1: in a pipe */
	int err;		/* of the first failure, for all later calls */
	uint64_t bytes;		/* in whole chunks */
	unsigned int cpus;
	ZSTD_CCtx *zstd;
	char *out;		/* a chunk on its way: header, then data */
	size_t out_room;
	struct queue queue[ANCHOR_CPUS_MAX];
	size_t processes[ANCHOR_VMS_MAX];	/* written */
	struct trace_machine machine;
	bool copied;		/* the machine is there twice */
};

static int writer_fail(struct trace_writer *w, int err)
{
	w->err = err;
	return err;
}

/* Tears a chunk that is only half there off again, as far as that goes. */
static int write_failed(struct trace_writer *w, int err)
{
	/* if it does not, the file ends torn, and readers know that, too */
	int torn = w->base < 0 ? -1 :
		   ftruncate(w->fd, w->base + (off_t)w->bytes);

	(void)torn;
	return writer_fail(w, err);
}

static int write_out(struct trace_writer *w, const void *from, size_t bytes)
{
	size_t done = 0;
	ssize_t n;

	while (done < bytes) {
		n = write(w->fd, (const char *)from + done, bytes - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return write_failed(w, -errno);
		done += (size_t)n;
	}
	w->bytes += bytes;
	return 0;
}

static int out_reserve(struct trace_writer *w, size_t bytes)
{
	char *out;

	if (bytes <= w->out_room)
		return 0;
	out = realloc(w->out, bytes);
	if (!out)
		return writer_fail(w, -ENOMEM);
	w->out = out;
	w->out_room = bytes;
	return 0;
}

/* chunk says kind, cpu, vm and records; the rest is filled in here. */
static int chunk_write(struct trace_writer *w, struct trace_chunk chunk,
		       const void *raw, size_t bytes)
{
	size_t bound = ZSTD_compressBound(bytes), stored;
	char *data;

	if (bytes > TRACE_CHUNK_BYTES_MAX)
		return -E2BIG;
	if (out_reserve(w, sizeof(chunk) + bound) < 0)
		return w->err;
	data = w->out + sizeof(chunk);
	stored = ZSTD_compressCCtx(w->zstd, data, bound, raw, bytes,
				   ZSTD_LEVEL);
	chunk.codec = TRACE_CODEC_ZSTD;
	if (ZSTD_isError(stored) || stored >= bytes) {
		chunk.codec = TRACE_CODEC_NONE;
		stored = bytes;
		memcpy(data, raw, bytes);
	}
	chunk.magic = TRACE_CHUNK_MAGIC;
	chunk.stored_bytes = (uint32_t)stored;
	chunk.raw_bytes = (uint32_t)bytes;
	chunk.checksum = trace_chunk_checksum(&chunk, data);
	memcpy(w->out, &chunk, sizeof(chunk));
	return write_out(w, w->out, sizeof(chunk) + stored);
}

static uint64_t wall_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Copies what fits; `to` is zero already, so it stays terminated. */
static void text_set(char *to, size_t room, const char *from)
{
	size_t length = strlen(from);

	memcpy(to, from, length < room ? length : room - 1);
}

static int header_write(struct trace_writer *w, const char *command)
{
	struct trace_file_header h = {
		.magic = TRACE_FILE_MAGIC,
		.version = TRACE_FILE_VERSION,
		.header_bytes = sizeof(h),
		.event_slot_bytes = EVENT_SLOT_BYTES,
		.created_ns = wall_ns(),
		.recorder = "vmprof " VERSION,
	};
	struct utsname u;

	if (!uname(&u))
		text_set(h.host, sizeof(h.host), u.nodename);
	text_set(h.command, sizeof(h.command), command);
	h.checksum = trace_header_checksum(&h);
	return write_out(w, &h, sizeof(h));
}

/* Where the first byte will be; -1: nobody can tell. */
static off_t base_find(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return lseek(fd, 0, flags > 0 && flags & O_APPEND ? SEEK_END :
							    SEEK_CUR);
}

static int trace_begin(struct trace_writer *w, int fd, const char *command,
		       const struct origin *origin)
{
	struct trace_chunk chunk = { .kind = TRACE_CHUNK_MACHINE };
	int err;

	w->cpus = origin->cpus;
	if (!w->cpus || w->cpus > ANCHOR_CPUS_MAX)
		return -EINVAL;
	w->zstd = ZSTD_createCCtx();
	if (!w->zstd)
		return -ENOMEM;
	w->fd = fd;
	w->base = base_find(fd);
	err = machine_chunk_make(&w->machine, origin) ?:
	      header_write(w, command);
	return err ? err : chunk_write(w, chunk, &w->machine,
				       sizeof(w->machine));
}

struct trace_writer *trace_writer_open(int fd, const char *command,
				       const struct origin *origin)
{
	struct trace_writer *w = calloc(1, sizeof(*w));
	int err;

	if (!w)
		return NULL;
	err = trace_begin(w, fd, command, origin);
	if (!err)
		return w;
	trace_writer_close(w);
	errno = -err;
	return NULL;
}

/* Once, and not beside the first: what spoils one may spare the other. */
static int machine_copy(struct trace_writer *w)
{
	struct trace_chunk chunk = { .kind = TRACE_CHUNK_MACHINE_COPY };

	if (w->copied)
		return 0;
	w->copied = true;
	return chunk_write(w, chunk, &w->machine, sizeof(w->machine));
}

static int queue_write(struct trace_writer *w, unsigned int cpu)
{
	struct queue *q = &w->queue[cpu];
	struct trace_chunk chunk = {
		.kind = TRACE_CHUNK_EVENTS,
		.cpu = (uint16_t)cpu,
		.records = q->records,
	};
	int err;

	if (!q->records)
		return 0;
	err = chunk_write(w, chunk, q->at, q->bytes);
	q->bytes = 0;
	q->records = 0;
	return err ? err : machine_copy(w);
}

static int queue_reserve(struct trace_writer *w, struct queue *q, size_t bytes)
{
	size_t room = q->room ? q->room : QUEUE_BYTES;
	char *at;

	/* a chunk of the longest records is still within a chunk's limit */
	_Static_assert(TRACE_CHUNK_RECORDS * EVENT_SLOTS_MAX *
		       EVENT_SLOT_BYTES <= TRACE_CHUNK_BYTES_MAX, "too long");
	while (room < q->bytes + bytes)
		room *= 2;
	if (room == q->room)
		return 0;
	at = realloc(q->at, room);
	if (!at)
		return writer_fail(w, -ENOMEM);
	q->at = at;
	q->room = room;
	return 0;
}

int trace_writer_event(struct trace_writer *w, unsigned int cpu,
		       const struct event_header *ev)
{
	size_t bytes = (size_t)ev->slots * EVENT_SLOT_BYTES;
	struct queue *q;

	if (w->err)
		return w->err;
	if (cpu >= w->cpus || !ev->slots || ev->slots > EVENT_SLOTS_MAX)
		return -EINVAL;
	q = &w->queue[cpu];
	if (queue_reserve(w, q, bytes) < 0)
		return w->err;
	memcpy(q->at + q->bytes, ev, bytes);
	q->bytes += bytes;
	if (ev->id == EVENT_LOST)
		q->missed += ((const struct event_lost *)ev)->missed;
	else
		q->read++;
	return ++q->records < TRACE_CHUNK_RECORDS ? 0 : queue_write(w, cpu);
}

int trace_writer_flush(struct trace_writer *w)
{
	for (unsigned int cpu = 0; cpu < w->cpus && !w->err; cpu++)
		queue_write(w, cpu);
	return w->err;
}

int trace_writer_kallsyms(struct trace_writer *w, unsigned int vm,
			  const char *text, size_t bytes)
{
	struct trace_chunk chunk = {
		.kind = TRACE_CHUNK_KALLSYMS,
		.vm = (uint16_t)vm,
	};

	if (w->err)
		return w->err;
	if (vm >= w->machine.vms)
		return -EINVAL;
	return chunk_write(w, chunk, text, bytes);
}

/* Says that these and all later changes are not kept. */
static int processes_end(struct trace_writer *w, unsigned int vm,
			 const struct trace_process *changes, size_t count)
{
	struct trace_chunk chunk = {
		.kind = TRACE_CHUNK_PROCESSES,
		.vm = (uint16_t)vm,
	};
	struct trace_process end = {
		.from_tsc = UINT64_MAX,
		.state = TRACE_PROCESS_UNWATCHED,
	};
	int err;

	for (size_t i = 0; i < count; i++)
		if (changes[i].from_tsc < end.from_tsc)
			end.from_tsc = changes[i].from_tsc;
	w->processes[vm] = TRACE_PROCESSES_MAX;
	err = chunk_write(w, chunk, &end, sizeof(end));
	return err ? err : -E2BIG;
}

int trace_writer_processes(struct trace_writer *w, unsigned int vm,
			   const struct trace_process *changes, size_t count)
{
	struct trace_chunk chunk = {
		.kind = TRACE_CHUNK_PROCESSES,
		.vm = (uint16_t)vm,
	};

	if (w->err)
		return w->err;
	if (vm >= w->machine.vms)
		return -EINVAL;
	if (w->processes[vm] == TRACE_PROCESSES_MAX)
		return -E2BIG;
	/* the last place is for saying that there is no more */
	if (count >= TRACE_PROCESSES_MAX - w->processes[vm])
		return processes_end(w, vm, changes, count);
	w->processes[vm] += count;
	return count ? chunk_write(w, chunk, changes,
				   count * sizeof(*changes)) : 0;
}

/* A reader holds END against the records, so a wrong one helps nobody. */
static bool counts_right(const struct trace_writer *w,
			 const struct trace_end_cpu *counts)
{
	for (unsigned int cpu = 0; cpu < w->cpus; cpu++) {
		const struct queue *q = &w->queue[cpu];
		const struct trace_end_cpu *c = &counts[cpu];

		if (c->read != q->read || c->missed != q->missed ||
		    c->written != c->read + c->missed)
			return false;
	}
	return true;
}

int trace_writer_finish(struct trace_writer *w, const struct trace_end *end,
			const struct trace_end_cpu *counts)
{
	struct trace_chunk chunk = { .kind = TRACE_CHUNK_END };
	struct {
		struct trace_end end;
		struct trace_end_cpu cpu[ANCHOR_CPUS_MAX];
	} raw = { .end = *end };
	size_t bytes = w->cpus * sizeof(raw.cpu[0]);

	if (trace_writer_flush(w) < 0)
		return w->err;
	if (end->cpus != w->cpus || !counts_right(w, counts))
		return -EINVAL;
	memcpy(raw.cpu, counts, bytes);
	return chunk_write(w, chunk, &raw, sizeof(raw.end) + bytes);
}

uint64_t trace_writer_bytes(const struct trace_writer *w)
{
	return w->bytes;
}

void trace_writer_close(struct trace_writer *w)
{
	if (!w)
		return;
	for (unsigned int cpu = 0; cpu < ANCHOR_CPUS_MAX; cpu++)
		free(w->queue[cpu].at);
	ZSTD_freeCCtx(w->zstd);
	free(w->out);
	free(w);
}
