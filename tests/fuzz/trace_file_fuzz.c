/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzes the reading of trace files, from the public face inwards.
 *
 * The first byte of the input says whether checksums are made right again
 * before the rest is read as a file: without that, hardly anything gets
 * past them; always with it, they would never be tested. It also says whether
 * the CPUs are merged.
 */
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"
#include "tests/source_next.h"
#include "tracer/file/checksum.h"
#include "tracer/symbol/process_map.h"

#define REPAIR	1
#define MERGED	2

static void checksums_repair(unsigned char *file, size_t bytes)
{
	struct trace_file_header h;
	struct trace_chunk c;
	size_t at;

	if (bytes < sizeof(h))
		return;
	memcpy(&h, file, sizeof(h));
	h.checksum = trace_header_checksum(&h);
	memcpy(file, &h, sizeof(h));
	for (at = h.header_bytes; at <= bytes && bytes - at >= sizeof(c);
	     at += sizeof(c) + c.stored_bytes) {
		memcpy(&c, file + at, sizeof(c));
		if (c.stored_bytes > bytes - at - sizeof(c))
			return;
		c.checksum = trace_chunk_checksum(&c, file + at + sizeof(c));
		memcpy(file + at, &c, sizeof(c));
	}
}

static void read_all(struct source *s)
{
	const struct trace_damage *damage;
	const struct event_header *ev;
	struct source_cpu_counts c;
	unsigned int cpu, sum = 0;
	uint64_t at_byte;
	size_t bytes, count;
	int got;

	for (unsigned int vm = 0; vm <= ANCHOR_VMS_MAX; vm++) {
		const char *text = source_kallsyms(s, vm, &bytes);
		const struct trace_process *p = source_processes(s, vm, &count);
		struct process_map *m = process_map_new(p, count);

		sum += text ? fuzz_touch(text, bytes + 1) : 0;
		sum += fuzz_touch(p, count * sizeof(*p));
		for (size_t i = 0; i < count && i < 1000; i++) {
			const struct process_name *n = process_map_find(
				m, p[i].cr3, p[i].from_tsc);

			sum += n ? fuzz_touch(n->comm, strlen(n->comm)) : 0;
		}
		process_map_free(m);
	}
	while ((got = source_next(s, &ev, &cpu)) == 1) {
		sum += fuzz_touch(ev, ev->slots * (size_t)EVENT_SLOT_BYTES);
		if (cpu >= source_cpus(s))
			abort();
	}
	if (source_next(s, &ev, &cpu) != got)
		abort();
	if (got < 0 ? !source_error(s)[0] :
	    source_was_cut(s, &at_byte) == !!source_end(s))
		abort();
	damage = source_damage(s, &count);
	for (size_t i = 0; i < count; i++) {
		char text[TRACE_DAMAGE_TEXT_BYTES];

		trace_damage_text(&damage[i], source_origin(s)->clock.tsc_khz,
				  text, sizeof(text));
		sum += fuzz_touch(text, strlen(text));
		if (damage[i].from_byte > damage[i].to_byte ||
		    damage[i].to_byte > source_sizes(s).file_bytes)
			abort();
	}
	for (cpu = 0; cpu < source_cpus(s); cpu++) {
		source_counts(s, cpu, &c);
		if (c.written != c.read + c.missed)
			abort();
	}
	fuzz_sum = sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	unsigned char *file;
	struct source *s;
	const char *why;
	char path[32];
	int fd;

	if (!bytes)
		return 0;
	fd = memfd_create("trace", MFD_CLOEXEC);
	file = malloc(bytes);
	if (fd < 0 || !file)
		abort();
	memcpy(file, data + 1, bytes - 1);
	if (data[0] & REPAIR)
		checksums_repair(file, bytes - 1);
	if (write(fd, file, bytes - 1) != (ssize_t)(bytes - 1))
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	s = source_open_file(path, &why);
	if (s)
		read_all(data[0] & MERGED ? source_merged(s) : s);
	else if (!why || !why[0])
		abort();
	source_close(s);
	close(fd);
	free(file);
	return 0;
}
