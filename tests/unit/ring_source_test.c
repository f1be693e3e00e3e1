/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rings of a machine as a source: the anchor in an image of RAM, its
 * rings merged, and everything in it that may be wrong.
 */
#include "abi_hash.h"

#include "tests/source_next.h"
#include "tests/unit/ring_maker.h"

#include <errno.h>

#include "vmm-core/abi/anchor.h"

#define RAM_BYTES	(1u << 20)
#define ANCHOR_AT	(3 * 4096)
#define RANGES_AT	(5 * 4096)
#define RING0_AT	(16 * 4096)
#define RING1_AT	(64 * 4096)

struct image {
	u8 *ram;
	struct anchor *anchor;
	struct ring *ring[2];
};

static void image_make(struct image *m)
{
	m->ram = aligned_alloc(4096, RAM_BYTES);
	assert_non_null(m->ram);
	memset(m->ram, 0, RAM_BYTES);
	m->anchor = (struct anchor *)(m->ram + ANCHOR_AT);
	m->ring[0] = (struct ring *)(m->ram + RING0_AT);
	m->ring[1] = (struct ring *)(m->ram + RING1_AT);
	ring_init(m->ring[0], 0, RING_SLOTS_MIN);
	ring_init(m->ring[1], 1, 2 * RING_SLOTS_MIN);
	*m->anchor = (struct anchor){
		.magic = ANCHOR_MAGIC,
		.version = ANCHOR_VERSION,
		.bytes = sizeof(struct anchor),
		.abi_hash = ABI_HASH,
		.isa = ISA_SVM,
		.cpus = 2,
		.vms = 1,
		.tsc_khz = 1000000,
		.ring = {
			{ RING0_AT, RING_BYTES(RING_SLOTS_MIN) },
			{ RING1_AT, RING_BYTES(2 * RING_SLOTS_MIN) },
		},
		.vm[0] = { .name = "linux", .vcpus = 1, .extents = 1 },
	};
}

static struct source *image_open_as(const struct image *m, u64 bytes,
				    u64 anchor)
{
	const struct machine_view view = { m->ram, bytes, anchor };

	return source_open_rings(&view, true);
}

static struct source *image_open(const struct image *m)
{
	return image_open_as(m, RAM_BYTES, ANCHOR_AT);
}

static void write_at(struct ring *ring, u64 tsc)
{
	struct event_vmexit *ev = ring_slot(ring);

	memset(ev, 0, sizeof(*ev));
	ev->h.tsc = tsc;
	ev->h.seq = ring_seq(ring);
	ev->h.id = EVENT_VMEXIT;
	ev->h.slots = 1;
	ring_commit(ring, 1);
}

static void rings_are_merged_by_time(void **state)
{
	static const u64 times[2][4] = { { 1, 4, 5, 9 }, { 2, 3, 6, 7 } };
	const struct event_header *ev;
	struct source_cpu_counts c;
	struct image m;
	struct source *s;
	unsigned int cpu;
	u64 last = 0;

	(void)state;
	image_make(&m);
	for (int i = 0; i < 4; i++) {
		write_at(m.ring[0], times[0][i]);
		write_at(m.ring[1], times[1][i]);
	}
	s = source_merged(image_open(&m));
	assert_non_null(s);
	assert_int_equal(source_cpus(s), 2);
	assert_string_equal(source_origin(s)->vm[0].name, "linux");
	for (int i = 0; i < 8; i++) {
		assert_int_equal(source_next(s, &ev, &cpu), 1);
		assert_true(ev->tsc > last);
		assert_int_equal(cpu, ev->tsc == 1 || ev->tsc == 4 ||
				 ev->tsc == 5 || ev->tsc == 9 ? 0 : 1);
		last = ev->tsc;
		source_counts(s, cpu, &c);
		assert_int_equal(c.written, 4);
		assert_int_equal(c.missed, 0);
	}
	assert_int_equal(c.read, 4);
	assert_int_equal(source_next(s, &ev, &cpu), 0);
	/* the rings go on */
	write_at(m.ring[1], 10);
	assert_int_equal(source_next(s, &ev, &cpu), 1);
	assert_int_equal(cpu, 1);
	/* a file's questions have no answer here */
	assert_null(source_file_header(s));
	assert_null(source_end(s));
	source_close(s);
	free(m.ram);
}

static void loss_of_one_ring_is_its_own(void **state)
{
	const struct event_header *ev;
	struct source_cpu_counts c[2];
	struct image m;
	struct source *s;
	unsigned int cpu, lost = 0;

	(void)state;
	image_make(&m);
	s = source_merged(image_open(&m));
	for (u64 i = 1; i <= 300; i++) {
		write_at(m.ring[0], 2 * i);
		write_at(m.ring[1], 2 * i + 1);
	}
	while (source_next(s, &ev, &cpu) == 1) {
		lost += ev->id == EVENT_LOST;
		assert_true(ev->id != EVENT_LOST || cpu == 0);
	}
	source_counts(s, 0, &c[0]);
	source_counts(s, 1, &c[1]);
	assert_int_equal(lost, 1);
	assert_int_equal(c[0].written, 300);
	assert_int_equal(c[0].read + c[0].missed, 300);
	assert_true(c[0].missed > 0);
	assert_int_equal(c[1].read, 300);
	assert_int_equal(c[1].missed, 0);
	source_close(s);
	free(m.ram);
}

static void broken_ring_is_named(void **state)
{
	const struct event_header *ev;
	struct image m;
	struct source *s;
	unsigned int cpu;

	(void)state;
	image_make(&m);
	s = image_open(&m);
	m.ring[1]->head = 1;
	m.ring[1]->written = 1;
	assert_int_equal(source_next(s, &ev, &cpu), -EBADMSG);
	assert_non_null(strstr(source_error(s), "ring of CPU 1"));
	source_close(s);
	free(m.ram);
}

static void open_refuses(const struct image *m)
{
	errno = 0;
	assert_null(image_open(m));
	assert_int_equal(errno, EPROTO);
}

static void what_is_no_anchor_is_refused(void **state)
{
	struct image m;
	struct anchor good;

	(void)state;
	image_make(&m);
	good = *m.anchor;
#define REFUSED(field, value) do {		\
	m.anchor->field = (value);		\
	open_refuses(&m);			\
	*m.anchor = good;			\
} while (0)
	REFUSED(magic, 0);
	REFUSED(version, ANCHOR_VERSION + 1);
	REFUSED(bytes, 16);
	REFUSED(abi_hash, ABI_HASH + 1);
	REFUSED(isa, 9);
	REFUSED(cpus, 0);
	REFUSED(cpus, ANCHOR_CPUS_MAX + 1);
	REFUSED(vms, ANCHOR_VMS_MAX + 1);
	REFUSED(tsc_khz, 0);
	REFUSED(ring[0].hpa, RING0_AT + 8);
	REFUSED(ring[0].hpa, RAM_BYTES - 4096);
	REFUSED(ring[0].hpa, 1ull << 40);
	REFUSED(ring[0].hpa, ~0ull << 12);
	REFUSED(ring[0].bytes, ~0ull);
	REFUSED(ring[1].bytes, RING_BYTES(RING_SLOTS_MIN));
	memset(m.anchor->vm[0].name, 'x', 32);
	open_refuses(&m);
	*m.anchor = good;
	REFUSED(vm[0].extents, ANCHOR_EXTENTS_MAX + 1);
	REFUSED(vm[0].vcpus, ANCHOR_VCPUS_MAX + 1);
	REFUSED(vm[0].first_vcpu, ANCHOR_VCPUS_MAX);
#undef REFUSED
	assert_null(image_open_as(&m, RAM_BYTES, ANCHOR_AT + 8));
	assert_null(image_open_as(&m, RAM_BYTES, RAM_BYTES));
	assert_null(image_open_as(&m, RAM_BYTES, ~4095ull));
	assert_null(image_open_as(&m, ANCHOR_AT + 8, ANCHOR_AT));
	free(m.ram);
}

/* The list of each VM's devices, where all of it is in the machine's RAM. */
static void devices_are_taken_from_the_machine(void **state)
{
	static const struct { u64 hpa; const char *name; } rows[] = {
		{ RANGES_AT, "pit" },
		{ 0, "" },
		{ RAM_BYTES - 8, "" },
		{ ~0ull - 8, "" },
	};
	struct anchor_range *range;
	const struct origin_vm *vm;
	struct source *s;
	struct image m;

	(void)state;
	image_make(&m);
	range = (struct anchor_range *)(m.ram + RANGES_AT);
	*range = (struct anchor_range){ "pit", 0x40, 4, ANCHOR_PORTS, 0 };
	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		m.anchor->range_hpa = rows[i].hpa;
		s = image_open(&m);
		assert_non_null(s);
		vm = origin_vm(source_origin(s), 0);
		assert_string_equal(vm->ranges ? vm->range[0].name : "",
				    rows[i].name);
		source_close(s);
	}
	memset(range->name, 'x', sizeof(range->name));
	m.anchor->range_hpa = RANGES_AT;
	assert_null(image_open(&m));
	free(m.ram);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rings_are_merged_by_time),
		cmocka_unit_test(loss_of_one_ring_is_its_own),
		cmocka_unit_test(broken_ring_is_named),
		cmocka_unit_test(what_is_no_anchor_is_refused),
		cmocka_unit_test(devices_are_taken_from_the_machine),
	};

	return cmocka_run_group_tests_name("ring_source", tests, NULL, NULL);
}
