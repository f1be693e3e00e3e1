/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes the seed corpora: fuzz_seeds DIR writes DIR/trace_file/NAME and
 * DIR/ring/NAME. Nothing in them depends on where or when it runs.
 */
#include <errno.h>
#include <sys/stat.h>

#include "tests/unit/trace_maker.h"
#include "vmm-core/abi/ring.h"

static char dir[1024], path[1200];

static int fail(void)
{
	fprintf(stderr, "fuzz_seeds: %s: %s\n", path, strerror(errno));
	return 1;
}

static int dir_make(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return mkdir(path, 0777) < 0 && errno != EEXIST ? fail() : 0;
}

static void path_set(const char *folder, const char *name)
{
	snprintf(path, sizeof(path), "%s/%s/%s", dir, folder, name);
}

/* The file at path, without time and host, behind the fuzzer's own byte. */
static int trace_seal(unsigned char flags, size_t cut)
{
	static unsigned char bytes[1 << 16];
	struct trace_file_header *h = (void *)bytes;
	FILE *f = fopen(path, "rb");
	size_t count;
	int ok;

	if (!f)
		return fail();
	count = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	h->created_ns = 0;
	memset(h->host, 0, sizeof(h->host));
	memset(h->recorder, 0, sizeof(h->recorder));
	h->checksum = trace_header_checksum(h);
	f = fopen(path, "wb");
	if (!f)
		return fail();
	ok = fputc(flags, f) != EOF &&
		fwrite(bytes, 1, count - cut, f) == count - cut;
	return fclose(f) || !ok ? fail() : 0;
}

/* Whole small traces, checked as they are, repaired, and cut. */
static int traces_make(void)
{
	static const struct {
		const char *name;
		unsigned int records;
		unsigned char flags;
		size_t cut;
	} seed[] = {
		{ "empty", 0, 1, 0 },
		{ "few", 12, 1, 0 },
		{ "few-strict", 12, 0, 0 },
		{ "many", 120, 1, 0 },
		{ "cut", 40, 1, 60 },
	};

	for (size_t i = 0; i < sizeof(seed) / sizeof(seed[0]); i++) {
		path_set("trace_file", seed[i].name);
		if (maker_small(path, seed[i].records) ||
		    trace_seal(seed[i].flags, seed[i].cut))
			return fail();
	}
	return 0;
}

/* Chunks without compression, so that the fuzzer can reach what is inside. */
static int trace_plain_make(void)
{
	struct maker m;
	union maker_record r[11];
	struct {
		struct trace_end end;
		struct trace_end_cpu cpu[MAKER_CPUS];
	} end = { .end.cpus = MAKER_CPUS };
	static const struct trace_process processes[] = {
		{ .from_tsc = 1, .cr3 = 0x2000, .pid = 1, .comm = "init" },
		{ .from_tsc = 3, .cr3 = 0x2000, .state = TRACE_PROCESS_GONE },
	};
	struct trace_chunk c = { .kind = 999, .stored_bytes = 5 };
	char *raw = (char *)r;
	size_t bytes = 0;

	path_set("trace_file", "plain");
	m = maker_open(path);
	if (!m.w)
		return fail();
	trace_writer_close(m.w);
	maker_chunk(path, c, "hello");
	c = (struct trace_chunk){ .kind = TRACE_CHUNK_KALLSYMS };
	c.stored_bytes = c.raw_bytes = 25;
	maker_chunk(path, c, "ffffffff81000000 T _text\n");
	c = (struct trace_chunk){ .kind = TRACE_CHUNK_PROCESSES };
	c.stored_bytes = c.raw_bytes = sizeof(processes);
	maker_chunk(path, c, processes);
	for (unsigned int n = 0; n < 10; n++) {
		union maker_record one;

		maker_record(&one, 0, n);
		memcpy(raw + bytes, &one, one.h.slots * EVENT_SLOT_BYTES);
		bytes += one.h.slots * (size_t)EVENT_SLOT_BYTES;
	}
	c = (struct trace_chunk){ .kind = TRACE_CHUNK_EVENTS, .records = 10 };
	c.stored_bytes = c.raw_bytes = (__u32)bytes;
	maker_chunk(path, c, raw);
	end.cpu[0] = (struct trace_end_cpu){ 16, 9, 7 };
	c = (struct trace_chunk){ .kind = TRACE_CHUNK_END };
	c.stored_bytes = c.raw_bytes = sizeof(end);
	maker_chunk(path, c, &end);
	return trace_seal(1, 0);
}

/* Rings as tests/fuzz/ring_fuzz.c reads them: counters, then slots. */
static int ring_make(const char *name, __u64 head, __u64 written, __u64 jump)
{
	__u64 start[4] = { head, written, jump, 1 };
	__u64 first = written - head;
	FILE *f;

	path_set("ring", name);
	f = fopen(path, "wb");
	if (!f)
		return fail();
	fwrite(start, sizeof(start), 1, f);
	for (__u64 n = 0; n < 16; n++) {
		struct event_vmexit ev = {
			.h = { .tsc = n, .seq = (__u32)(first + n),
			       .id = EVENT_VMEXIT, .slots = 1 },
		};

		fwrite(&ev, sizeof(ev), 1, f);
	}
	return fclose(f) ? fail() : 0;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: fuzz_seeds DIR\n");
		return 2;
	}
	snprintf(dir, sizeof(dir), "%s", argv[1]);
	if (dir_make("trace_file") || dir_make("ring") || traces_make() ||
	    trace_plain_make())
		return 1;
	return ring_make("quiet", 0, 0, 0) || ring_make("some", 16, 16, 0) ||
		ring_make("jumps", 16, 16, 300) ||
		ring_make("late", 16, 1000, 16);
}
