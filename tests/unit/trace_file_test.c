/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Trace files: what is written is what is read; and of a file that was cut,
 * damaged or made up, nothing is read that was not written.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "tests/source_next.h"
#include "tests/unit/file_bytes.h"
#include "tests/unit/trace_maker.h"
#include "tests/unit/trace_outcome.h"
#include "tests/unit/trace_path.h"

static void what_is_written_is_read(void **state)
{
	static const char old[] = "0 T old\n", new[] = "1 T new\n2 T newer\n";
	struct maker m = maker_open(path);
	struct source_cpu_counts c;
	struct outcome o;
	struct source *s;
	const char *why;
	size_t bytes;

	(void)state;
	assert_non_null(m.w);
	assert_int_equal(maker_write(&m, 0, 0, 20000), 0);
	assert_int_equal(trace_writer_kallsyms(m.w, 0, old, strlen(old)), 0);
	assert_int_equal(maker_write(&m, 1, 0, 10), 0);
	assert_int_equal(trace_writer_flush(m.w), 0);
	assert_int_equal(maker_write(&m, 1, 10, 9000), 0);
	assert_int_equal(trace_writer_kallsyms(m.w, 0, new, strlen(new)), 0);
	assert_int_equal(maker_finish(&m), 0);
	maker_close(&m);

	assert_true(trace_read_all(path, &o));
	assert_int_equal(o.end, 0);
	assert_false(o.cut);
	assert_int_equal(o.records[0], 20000);
	assert_int_equal(o.records[1], 9000);

	s = source_open_file(path, &why);
	assert_non_null(s);
	assert_string_equal(source_kallsyms(s, 0, &bytes), new);
	assert_int_equal(bytes, strlen(new));
	assert_null(source_kallsyms(s, 1, &bytes));
	assert_null(source_kallsyms(s, 1000, &bytes));
	assert_string_equal(source_file_header(s)->command, "vmprof record");
	assert_string_equal(source_origin(s)->vm[0].name, "linux");
	assert_null(source_end(s));
	for (const struct event_header *ev; source_next(s, &ev, &(unsigned int){ 0 }) == 1;)
		continue;
	assert_int_equal(source_end(s)->end_tsc, 77);
	source_counts(s, 1, &c);
	assert_int_equal(c.read, m.counts[1].read);
	assert_int_equal(c.missed, m.counts[1].missed);
	assert_int_equal(c.written, m.counts[1].written);
	source_close(s);
}

static void chunks_are_as_long_as_agreed(void **state)
{
	struct maker m = maker_open(path);
	uint64_t before = trace_writer_bytes(m.w);

	(void)state;
	assert_int_equal(maker_write(&m, 0, 0, TRACE_CHUNK_RECORDS - 1), 0);
	assert_int_equal(trace_writer_bytes(m.w), before);
	assert_int_equal(maker_write(&m, 0, TRACE_CHUNK_RECORDS - 1,
				     TRACE_CHUNK_RECORDS), 0);
	assert_true(trace_writer_bytes(m.w) > before);
	maker_close(&m);
}

static void same_calls_give_the_same_body(void **state)
{
	struct bytes a, b;

	(void)state;
	assert_int_equal(maker_small(path, 9000), 0);
	a = file_load(path);
	assert_int_equal(maker_small(path, 9000), 0);
	b = file_load(path);
	assert_int_equal(a.count, b.count);
	assert_memory_equal(a.at + sizeof(struct trace_file_header),
			    b.at + sizeof(struct trace_file_header),
			    a.count - sizeof(struct trace_file_header));
	free(a.at);
	free(b.at);
}

/* Cut anywhere: whole chunks are read, and the reader tells where it ends. */
static void cut_at_every_byte(void **state)
{
	struct outcome o;
	struct bytes b;
	unsigned int opened = 0, refused = 0;

	(void)state;
	assert_int_equal(maker_small(path, 40), 0);
	b = file_load(path);
	for (size_t count = b.count; count-- > 0;) {
		assert_int_equal(truncate(path, (off_t)count), 0);
		if (!trace_read_all(path, &o)) {
			refused++;
			continue;
		}
		/* what can be read at some length can at any greater one */
		assert_int_equal(refused, 0);
		opened++;
		assert_int_equal(o.end, 0);
		assert_true(o.cut);
		assert_in_range(o.cut_at, sizeof(struct trace_file_header),
				count);
		assert_true(o.records[0] == 0 || o.records[0] == 40);
		assert_true(o.records[1] == 0 || o.records[1] == 40);
		/* without END alone, all records are there */
		if (count == b.count - 1)
			assert_int_equal(o.records[0] + o.records[1], 80);
	}
	assert_true(opened > 500 && refused > sizeof(struct trace_file_header));
	free(b.at);
}

static void every_bit_flipped(void **state)
{
	unsigned int errors = 0;
	struct outcome o;
	struct bytes b;
	int fd;

	(void)state;
	assert_int_equal(maker_small(path, 12), 0);
	b = file_load(path);
	fd = open(path, O_WRONLY);
	for (size_t bit = 0; bit < b.count * 8; bit++) {
		unsigned char byte = b.at[bit / 8] ^
			(unsigned char)(1 << bit % 8);

		assert_int_equal(pwrite(fd, &byte, 1, (off_t)(bit / 8)), 1);
		if (!trace_read_all(path, &o) || o.damages)
			errors++;
		else
			assert_true(o.cut);
		assert_int_equal(o.end, 0);
		byte = b.at[bit / 8];
		assert_int_equal(pwrite(fd, &byte, 1, (off_t)(bit / 8)), 1);
	}
	assert_true(errors > b.count * 7);
	close(fd);
	free(b.at);
}

static void open_refuses(int err, const char *part)
{
	const char *why;

	errno = 0;
	assert_null(source_open_file(path, &why));
	assert_int_equal(errno, err);
	if (!strstr(why, part))
		fail_msg("\"%s\" does not say \"%s\"", why, part);
}

static void what_is_no_trace_is_refused(void **state)
{
	static const char text[] = "#!/bin/sh\nexit 0\n";

	(void)state;
	unlink(path);
	open_refuses(ENOENT, "No such file");
	file_save(path, "", 0);
	open_refuses(EPROTO, "empty");
	file_save(path, text, strlen(text));
	open_refuses(EPROTO, "not a vmprof trace");
	file_save(path, TRACE_FILE_MAGIC, 8);
	open_refuses(EBADMSG, "ends inside its header");
	unlink(path);
	assert_int_equal(symlink("/dev/null", path), 0);
	open_refuses(EINVAL, "neither a file nor a pipe");
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	open_refuses(EINVAL, "neither a file nor a pipe");
	rmdir(path);
}

static void header_save(struct bytes *b, struct trace_file_header h)
{
	h.checksum = trace_header_checksum(&h);
	memcpy(b->at, &h, sizeof(h));
	file_save(path, b->at, b->count);
}

static void headers_are_checked(void **state)
{
	struct trace_file_header h, good;
	struct outcome o;
	struct bytes b;

	(void)state;
	assert_int_equal(maker_small(path, 12), 0);
	b = file_load(path);
	memcpy(&good, b.at, sizeof(good));
	h = good;
	h.version = TRACE_FILE_VERSION + 1;
	header_save(&b, h);
	open_refuses(ENOTSUP, "newer version");
	h = good;
	h.header_bytes = 16;
	header_save(&b, h);
	open_refuses(EBADMSG, "not one that vmprof writes");
	h = good;
	h.header_bytes = ~0u;
	header_save(&b, h);
	open_refuses(EBADMSG, "cut before its first whole chunk");
	h = good;
	h.event_slot_bytes = 32;
	header_save(&b, h);
	open_refuses(EBADMSG, "not one that vmprof writes");

	/* a longer header of a later writer is stepped over */
	h = good;
	h.header_bytes += 64;
	b.at = realloc(b.at, b.count + 64);
	memmove(b.at + sizeof(h) + 64, b.at + sizeof(h), b.count - sizeof(h));
	b.count += 64;
	header_save(&b, h);
	assert_true(trace_read_all(path, &o));
	assert_int_equal(o.end, 0);
	assert_false(o.cut);
	free(b.at);
}

/* A trace of 10 records a CPU without END, then the chunk. */
static struct outcome read_with_chunk(struct trace_chunk chunk,
				      const void *stored)
{
	struct maker m = maker_open(path);
	struct outcome o;

	assert_int_equal(maker_write(&m, 0, 0, 10), 0);
	assert_int_equal(trace_writer_flush(m.w), 0);
	maker_close(&m);
	assert_int_equal(maker_chunk(path, chunk, stored), 0);
	assert_true(trace_read_all(path, &o));
	/* what stood before it was read in any case */
	assert_in_range(o.records[0], 10, 11);
	return o;
}

static struct trace_chunk events_chunk(const union maker_record *r)
{
	return (struct trace_chunk){
		.kind = TRACE_CHUNK_EVENTS,
		.records = 1,
		.stored_bytes = (__u32)r->h.slots * EVENT_SLOT_BYTES,
		.raw_bytes = (__u32)r->h.slots * EVENT_SLOT_BYTES,
	};
}

static void chunks_are_checked(void **state)
{
	union maker_record r;
	struct trace_chunk c;
	struct outcome o;

	(void)state;
	maker_record(&r, 0, 10);
	o = read_with_chunk(events_chunk(&r), &r);
	assert_int_equal(o.end, 0);
	assert_int_equal(o.records[0], 11);

#define DAMAGED(what) do {				\
	c = events_chunk(&r);				\
	what;						\
	o = read_with_chunk(c, &r);			\
	assert_int_equal(o.end, 0);			\
	assert_int_equal(o.damages, 1);			\
	assert_int_equal(o.records[0], 10);		\
	maker_record(&r, 0, 10);			\
} while (0)
	DAMAGED(c.records = 2);
	DAMAGED(c.records = 0);
	DAMAGED(c.cpu = MAKER_CPUS);
	DAMAGED(c.cpu = 0xffff);
	DAMAGED(c.codec = 2);
	DAMAGED(c.codec = TRACE_CODEC_ZSTD);
	DAMAGED(c.raw_bytes = 0xffffffff);
	DAMAGED(c.raw_bytes = 128);
	DAMAGED(c.raw_bytes = c.stored_bytes = 63);
	DAMAGED(r.h.slots = 0);
	DAMAGED(r.h.slots = 2);
	DAMAGED(r.h.slots = 255);
	DAMAGED(r.h.id = EVENT_PAD);
	DAMAGED(r.h.id = 100);
	DAMAGED(r.h.id = EVENT_HYPERCALL);
	DAMAGED(r.h.vm = ANCHOR_VMS_MAX);
	DAMAGED(r.vmexit.reason = EXIT_REASONS);
	DAMAGED(r.vmexit.vcpu = ANCHOR_VCPUS_MAX);
	DAMAGED(r.h.id = EVENT_CALL_CHAIN);
	DAMAGED(r.h.id = EVENT_CALL_CHAIN; r.chain.frames = 6);
	DAMAGED(r.h.id = EVENT_CALL_CHAIN; r.chain.frames = 2;
		r.chain.kernel_frames = 3);
	DAMAGED(r.h.id = EVENT_CALL_CHAIN; r.chain.frames = 2;
		r.chain.kernel_frames = 0; r.chain.vcpu = ANCHOR_VCPUS_MAX);
	DAMAGED(r.h.id = EVENT_TLB_FLUSH; r.flush.scope = TLB_SCOPES);
	DAMAGED(r.h.id = EVENT_TLB_FLUSH; r.flush.cause = TLB_CAUSES);
	DAMAGED(r.h.id = EVENT_VM_STATE; r.state.state = 77);
#undef DAMAGED
}

static void chunks_of_unknown_kinds_are_skipped(void **state)
{
	struct trace_chunk c = {
		.kind = 999, .codec = 77, .stored_bytes = 5, .raw_bytes = 9,
	};
	struct outcome o = read_with_chunk(c, "hello");

	(void)state;
	assert_int_equal(o.end, 0);
	assert_true(o.cut);
}

static void chunks_out_of_place_are_damage(void **state)
{
	struct trace_machine m = maker_machine();
	struct trace_chunk c = {
		.kind = TRACE_CHUNK_MACHINE,
		.stored_bytes = sizeof(m), .raw_bytes = sizeof(m),
	};

	(void)state;
	assert_int_equal(read_with_chunk(c, &m).damages, 0);
	m.tsc_khz++;
	assert_int_equal(read_with_chunk(c, &m).damages, 1);
	c = (struct trace_chunk){
		.kind = TRACE_CHUNK_KALLSYMS, .vm = ANCHOR_VMS_MAX,
	};
	assert_int_equal(read_with_chunk(c, "").damages, 1);
	c.vm = 0;
	assert_int_equal(read_with_chunk(c, "").damages, 0);
	c.kind = TRACE_CHUNK_EVENTS;
	assert_int_equal(read_with_chunk(c, "").damages, 0);
}

static void end_must_be_the_truth(void **state)
{
	struct {
		struct trace_end end;
		struct trace_end_cpu cpu[MAKER_CPUS];
	} e, good = {
		.end.cpus = MAKER_CPUS,
		/* of records 0 to 9, number 7 says that 7 were lost */
		.cpu[0] = { .written = 16, .read = 9, .missed = 7 },
	};
	struct trace_chunk c = {
		.kind = TRACE_CHUNK_END,
		.stored_bytes = sizeof(e),
		.raw_bytes = sizeof(e),
	};
	struct outcome o = read_with_chunk(c, &good);

	(void)state;
	assert_int_equal(o.end, 0);
	assert_false(o.cut);
#define LIES(what) do {						\
	e = good;						\
	what;							\
	assert_int_equal(read_with_chunk(c, &e).damages, 1);	\
} while (0)
	LIES(e.end.cpus = 1);
	LIES(e.cpu[0].written++);
	LIES(e.cpu[0].read++; e.cpu[0].written++);
	LIES(e.cpu[0].missed--; e.cpu[0].written--);
	LIES(e.cpu[1].read++; e.cpu[1].written++);
#undef LIES
	c.stored_bytes = c.raw_bytes = sizeof(e.end);
	assert_int_equal(read_with_chunk(c, &good).damages, 1);
}

static void nothing_follows_the_end(void **state)
{
	struct outcome o;
	struct bytes b;

	(void)state;
	assert_int_equal(maker_small(path, 12), 0);
	b = file_load(path);
	b.at[b.count] = 1;
	file_save(path, b.at, b.count + 1);
	assert_true(trace_read_all(path, &o));
	assert_int_equal(o.damages, 1);
	assert_false(o.cut);
	/* but for zeroes, which were left out by whoever copied it */
	b.at[b.count] = 0;
	file_save(path, b.at, b.count + 1);
	assert_true(trace_read_all(path, &o));
	assert_int_equal(o.damages, 0);
	assert_false(o.cut);
	free(b.at);
}

static void machine_comes_first(void **state)
{
	struct bytes b;
	struct trace_machine m = maker_machine();
	struct trace_chunk c = {
		.kind = TRACE_CHUNK_MACHINE,
		.stored_bytes = sizeof(m), .raw_bytes = sizeof(m),
	};
	union maker_record r;

	(void)state;
	assert_int_equal(maker_small(path, 12), 0);
	b = file_load(path);
	b.count = sizeof(struct trace_file_header);
	file_save(path, b.at, b.count);
	open_refuses(EBADMSG, "cut before its first whole chunk");
	maker_record(&r, 0, 0);
	maker_chunk(path, events_chunk(&r), &r);
	open_refuses(EBADMSG, "does not say which machine");
	m.cpus = ANCHOR_CPUS_MAX + 1;
	file_save(path, b.at, b.count);
	maker_chunk(path, c, &m);
	open_refuses(EBADMSG, "number of CPUs");
	m.cpus = MAKER_CPUS;
	m.vm[0].vcpus = 9999;
	file_save(path, b.at, b.count);
	maker_chunk(path, c, &m);
	open_refuses(EBADMSG, "a VM larger");
	free(b.at);
}

static void writer_refuses_wrong_totals(void **state)
{
	struct maker m = maker_open(path);
	struct outcome o;
	union maker_record r;

	(void)state;
	assert_int_equal(maker_write(&m, 1, 0, 100), 0);
	m.counts[1].read++;
	assert_int_equal(maker_finish(&m), -EINVAL);
	m.counts[1].read--;
	m.counts[0].missed++;
	assert_int_equal(maker_finish(&m), -EINVAL);
	m.counts[0].missed--;
	maker_record(&r, 0, 0);
	assert_int_equal(trace_writer_event(m.w, MAKER_CPUS, &r.h), -EINVAL);
	r.h.slots = 0;
	assert_int_equal(trace_writer_event(m.w, 0, &r.h), -EINVAL);
	assert_int_equal(maker_finish(&m), 0);
	maker_close(&m);
	assert_true(trace_read_all(path, &o));
	assert_int_equal(o.end, 0);
	assert_false(o.cut);
}

/* Whatever the limit: an error, and a file of whole chunks. */
static void full_disk_leaves_whole_chunks(void **state)
{
	unsigned int most = 0;
	struct rlimit all, limit;
	struct maker full;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &all), 0);
	for (rlim_t bytes = 500; bytes < 400000; bytes += 13331) {
		struct maker m;
		struct outcome o;
		int err = 0;

		limit = all;
		limit.rlim_cur = bytes;
		setrlimit(RLIMIT_FSIZE, &limit);
		errno = 0;
		m = maker_open(path);
		if (m.w) {
			err = maker_write(&m, 0, 0, 100000);
			assert_int_equal(maker_finish(&m), err);
			assert_int_equal(trace_writer_kallsyms(m.w, 0, "", 0),
					 err);
		}
		setrlimit(RLIMIT_FSIZE, &all);
		if (!m.w) {
			assert_int_equal(errno, EFBIG);
			maker_close(&m);
			continue;
		}
		assert_int_equal(err, -EFBIG);
		maker_close(&m);
		assert_true(trace_read_all(path, &o));
		assert_int_equal(o.end, 0);
		assert_true(o.cut);
		assert_int_equal(o.records[0] % TRACE_CHUNK_RECORDS, 0);
		most = o.records[0];
		/* the torn chunk was torn off: the file ends where it is cut */
		struct bytes b = file_load(path);
		assert_int_equal(b.count, o.cut_at);
		free(b.at);
	}
	assert_true(most > 0);
	errno = 0;
	full = maker_open("/dev/full");
	assert_null(full.w);
	assert_int_equal(errno, ENOSPC);
	maker_close(&full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(chunks_are_as_long_as_agreed),
		cmocka_unit_test(same_calls_give_the_same_body),
		cmocka_unit_test(cut_at_every_byte),
		cmocka_unit_test(every_bit_flipped),
		cmocka_unit_test(what_is_no_trace_is_refused),
		cmocka_unit_test(headers_are_checked),
		cmocka_unit_test(chunks_are_checked),
		cmocka_unit_test(chunks_of_unknown_kinds_are_skipped),
		cmocka_unit_test(chunks_out_of_place_are_damage),
		cmocka_unit_test(end_must_be_the_truth),
		cmocka_unit_test(nothing_follows_the_end),
		cmocka_unit_test(machine_comes_first),
		cmocka_unit_test(writer_refuses_wrong_totals),
		cmocka_unit_test(full_disk_leaves_whole_chunks),
	};

	return cmocka_run_group_tests_name("trace_file", tests, dir_make,
					   dir_remove);
}
