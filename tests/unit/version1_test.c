/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files of version 1: their records become the present ones, and what no
 * such file could have is damage. tests/golden/version-1 has real ones.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/source_next.h"
#include "tests/unit/trace_maker.h"
#include "tests/unit/trace_path.h"

/* As 0.1.0 wrote it. */
static void record_v1(union maker_record *r, unsigned int n)
{
	maker_record(r, 0, n);
	if (event_known_byte(&r->h))
		*event_known_byte(&r->h) = 0;
	if (r->h.id == EVENT_VMEXIT)
		r->vmexit.cpl_known = n % 4;
}

static void trace_v1(const union maker_record *r, unsigned int records)
{
	struct maker m = maker_open(path);
	struct trace_file_header h;
	FILE *f;

	for (unsigned int i = 0; i < records; i++)
		assert_int_equal(trace_writer_event(m.w, 0, &r[i].h), 0);
	assert_int_equal(trace_writer_flush(m.w), 0);
	trace_writer_close(m.w);
	f = fopen(path, "r+b");
	assert_non_null(f);
	assert_int_equal(fread(&h, sizeof(h), 1, f), 1);
	h.version = 1;
	h.checksum = trace_header_checksum(&h);
	rewind(f);
	assert_int_equal(fwrite(&h, sizeof(h), 1, f), 1);
	fclose(f);
}

static void all_was_known(void **state)
{
	union maker_record r[300], want;
	const struct event_header *ev;
	const char *why;
	struct source *s;
	unsigned int cpu;

	(void)state;
	for (unsigned int n = 0; n < 300; n++)
		record_v1(&r[n], n);
	trace_v1(r, 300);
	s = source_open_file(path, &why);
	assert_non_null(s);
	assert_int_equal(source_file_header(s)->version, 1);
	for (unsigned int n = 0; n < 300; n++) {
		maker_record(&want, 0, n);
		if (want.h.id == EVENT_VMEXIT)
			want.vmexit.cpl_known |= n % 4;
		assert_int_equal(source_next(s, &ev, &cpu), 1);
		assert_memory_equal(ev, &want, ev->slots * EVENT_SLOT_BYTES);
	}
	assert_int_equal(source_next(s, &ev, &cpu), 0);
	source_close(s);
}

static void refused(const union maker_record *r, const char *fault)
{
	const struct trace_damage *damage;
	const struct event_header *ev;
	const char *why;
	struct source *s;
	unsigned int cpu;
	size_t count;

	trace_v1(r, 1);
	s = source_open_file(path, &why);
	assert_non_null(s);
	assert_int_equal(source_next(s, &ev, &cpu), 0);
	damage = source_damage(s, &count);
	assert_int_equal(count, 1);
	assert_non_null(strstr(damage->why, fault));
	source_close(s);
}

static void what_it_could_not_have_is_damage(void **state)
{
	union maker_record r;

	(void)state;
	record_v1(&r, 10);
	r.vmexit.cpl_known = 4;
	refused(&r, "privilege level above 3");
	record_v1(&r, 5);
	assert_int_equal(r.h.id, EVENT_HYPERCALL);
	r.hypercall.cpl_known = 0x80;
	refused(&r, "privilege level above 3");
	record_v1(&r, 10);
	r.h.id = EVENT_CALL_CHAIN;
	r.chain.frames = 1;
	r.chain.kernel_frames = 0;
	refused(&r, "a kind that is not known");
	/* too short to have the byte that is looked at */
	record_v1(&r, 10);
	r.h.id = EVENT_HYPERCALL;
	refused(&r, "too short");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_was_known),
		cmocka_unit_test(what_it_could_not_have_is_damage),
	};

	return cmocka_run_group_tests_name("version1", tests, dir_make,
					   dir_remove);
}
