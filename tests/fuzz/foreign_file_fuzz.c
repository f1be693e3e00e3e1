/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzes the reading of other programs' files: perf.data and xentrace.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"
#include "tests/source_next.h"
#include "tracer/event/event_check.h"

static void read_all(struct source *s)
{
	const struct event_header *ev;
	uint64_t at_byte, records = 0;
	unsigned int cpu, sum = 0;

	while (source_next(s, &ev, &cpu) == 1) {
		/* what a trace would refuse must not come out of here */
		if (cpu >= source_cpus(s) || event_fault(ev, EVENT_SLOTS_MAX))
			abort();
		sum += fuzz_touch(ev, ev->slots * (size_t)EVENT_SLOT_BYTES);
		records++;
	}
	if (!records || source_was_cut(s, &at_byte) == !!source_end(s))
		abort();
	for (cpu = 0; cpu < source_cpus(s); cpu++) {
		struct source_cpu_counts c;

		source_counts(s, cpu, &c);
		if (c.written != c.read + c.missed)
			abort();
	}
	fuzz_sum = sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	const char *why = NULL;
	struct source *s;
	char path[32];
	int fd;

	fd = memfd_create("foreign", MFD_CLOEXEC);
	if (fd < 0 || write(fd, data, bytes) != (ssize_t)bytes)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	s = source_open_file(path, &why);
	if (!s && (!why || !why[0]))
		abort();
	if (s && source_is_foreign(s))
		read_all(source_merged(s));
	source_close(s);
	close(fd);
	return 0;
}
