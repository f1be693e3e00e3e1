/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A perf.data file, from `perf record` into a file or a pipe: its parts, and
 * its events one by one. Their meaning is their user's business.
 *
 * The file is not trusted: nothing is read beyond a part's end.
 */
#ifndef TRACER_FOREIGN_PERF_FILE_H
#define TRACER_FOREIGN_PERF_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm-core/abi/trace_file.h"

/* Bytes of the file, or made from it. */
struct perf_part {
	const char *at;
	size_t bytes;
};

/* How samples of an event are laid out. */
struct perf_attr {
	uint64_t sample_type, read_format;
	bool sample_id_all;
};

struct perf_attr_id {
	uint64_t id;
	size_t attr;
};

enum perf_type {
	PERF_COMM = 3,
	PERF_LOST = 2,
	PERF_SAMPLE = 9,
	PERF_HEADER_ATTR = 64,
	PERF_TRACING_DATA = 66,
	PERF_FINISHED_ROUND = 68,
	PERF_AUXTRACE = 71,
	PERF_FEATURE = 80,
	PERF_COMPRESSED = 81,
	PERF_COMPRESSED2 = 83,
};

struct perf_event {
	uint32_t type;		/* enum perf_type, or another */
	struct perf_part body;	/* behind its header */
};

struct perf_sample {
	uint64_t time;		/* ns */
	uint32_t pid, tid, cpu;
	struct perf_part raw;	/* a tracepoint's fields */
};

struct perf_file {
	struct perf_part events;
	bool packed;		/* some of them are compressed, until */
	char *unpacked;		/* perf_unpack() has put all of them here */
	bool cut;		/* the last of them is not whole */
	uint64_t cut_at;	/* byte of the file */
	struct perf_part formats;	/* of the tracepoints; bytes 0: none */
	struct perf_attr *attr;
	size_t attrs;
	struct perf_attr_id *id;	/* by id */
	size_t ids;
	char host[64], version[64], command[856];
	uint64_t wall_ns, time_at_wall;	/* 0: not known */
};

/* 0 or a negative errno, and *why. The bytes stay the caller's. */
int perf_file_load(struct perf_file *p, struct perf_part bytes,
		   const char **why);
void perf_file_free(struct perf_file *p);

/*
 * 1: *ev is the event at *at, which moves on. 0: the end. -EBADMSG: there is
 * no whole event.
 */
int perf_event_next(const struct perf_part *events, size_t *at,
		    struct perf_event *ev);
/* false: it is not one, or not whole. */
bool perf_sample_take(const struct perf_file *p, const struct perf_event *ev,
		      struct perf_sample *s);
/* Time and CPU of another event than a sample; false: it has none. */
bool perf_event_when(const struct perf_file *p, const struct perf_event *ev,
		     struct perf_sample *s);

static inline uint64_t perf_word(const char *at, size_t bytes)
{
	uint64_t word = 0;

	__builtin_memcpy(&word, at, bytes);
	return word;
}

#endif
