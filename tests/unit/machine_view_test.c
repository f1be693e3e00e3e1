/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A view of a made machine's RAM: nothing outside is reachable, wherever the
 * machine says that its things are and however many it counts.
 */
#include "tracer/view/machine_view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "abi_hash.h"

#define PAGE		4096ull
#define RAM_BYTES	(16 * PAGE)
#define ANCHOR_AT	(3 * PAGE)
#define VCPUS_AT	(5 * PAGE)
#define VCPU_BYTES	sizeof(struct anchor_vcpu)

#define COUNT_OF(array)	(sizeof(array) / sizeof((array)[0]))

struct made {
	struct machine_view view;
	uint8_t *ram;
	struct anchor *anchor;
};

static int machine_make(void **state)
{
	struct made *m = calloc(1, sizeof(*m));

	m->ram = aligned_alloc(PAGE, RAM_BYTES);
	memset(m->ram, 0, RAM_BYTES);
	m->view = (struct machine_view){ m->ram, RAM_BYTES, ANCHOR_AT };
	m->anchor = (struct anchor *)(m->ram + ANCHOR_AT);
	*m->anchor = (struct anchor){
		.magic = ANCHOR_MAGIC, .version = ANCHOR_VERSION,
		.bytes = sizeof(struct anchor), .abi_hash = ABI_HASH,
		.cpus = ANCHOR_CPUS_MAX, .vms = ANCHOR_VMS_MAX,
		.vcpu_hpa = VCPUS_AT,
	};
	*state = m;
	return 0;
}

static int machine_free(void **state)
{
	struct made *m = *state;

	free(m->ram);
	free(m);
	return 0;
}

static void bytes_end_where_the_mapping_ends(void **state)
{
	const struct made *m = *state;

	assert_ptr_equal(view_bytes(&m->view, 0, RAM_BYTES), m->ram);
	assert_ptr_equal(view_bytes(&m->view, RAM_BYTES - 8, 8),
			 m->ram + RAM_BYTES - 8);
	assert_non_null(view_bytes(&m->view, RAM_BYTES, 0));
	assert_null(view_bytes(&m->view, 0, RAM_BYTES + 1));
	assert_null(view_bytes(&m->view, RAM_BYTES - 7, 8));
	assert_null(view_bytes(&m->view, RAM_BYTES + 1, 0));
	assert_null(view_bytes(&m->view, 16, UINT64_MAX));
	assert_null(view_bytes(&m->view, UINT64_MAX - 7, 8));
	assert_null(view_bytes(&m->view, UINT64_MAX, UINT64_MAX));
}

static void an_anchor_beyond_ram_is_none(void **state)
{
	const uint64_t at[] = { RAM_BYTES, RAM_BYTES - 8, 1ull << 40,
				UINT64_MAX, UINT64_MAX - PAGE + 1 };
	struct made *m = *state;
	struct anchor copy;

	for (size_t i = 0; i < COUNT_OF(at); i++) {
		m->view.anchor = at[i];
		assert_null(view_anchor(&m->view));
		assert_false(view_anchor_copy(&m->view, &copy));
		assert_null(view_vcpu(&m->view, 0));
	}
	/* nothing is mapped */
	m->view = (struct machine_view){ 0 };
	assert_null(view_anchor(&m->view));
	assert_null(view_vcpu(&m->view, 0));
}

static void the_anchor_is_copied(void **state)
{
	const struct made *m = *state;
	struct anchor copy;

	assert_ptr_equal(view_anchor(&m->view), m->anchor);
	assert_true(view_anchor_copy(&m->view, &copy));
	assert_memory_equal(&copy, m->anchor, sizeof(copy));
}

static void an_anchor_that_lies_is_not_copied(void **state)
{
	struct made *m = *state;
	const struct anchor good = *m->anchor;
	struct anchor copy;

#define REFUSED(field, value) do { \
		m->anchor->field = (value); \
		assert_false(view_anchor_copy(&m->view, &copy)); \
		*m->anchor = good; \
	} while (0)
	REFUSED(magic, 0);
	REFUSED(version, ANCHOR_VERSION + 1);
	REFUSED(bytes, sizeof(good) - 8);
	REFUSED(abi_hash, ~ABI_HASH);
	REFUSED(cpus, ANCHOR_CPUS_MAX + 1);
	REFUSED(cpus, UINT16_MAX);
	REFUSED(vms, ANCHOR_VMS_MAX + 1);
	REFUSED(vms, UINT16_MAX);
#undef REFUSED
	memmove(m->ram + ANCHOR_AT + 8, &good, sizeof(good));
	m->view.anchor = ANCHOR_AT + 8;
	assert_false(view_anchor_copy(&m->view, &copy));
}

static void a_vcpu_is_found_by_its_index(void **state)
{
	const struct made *m = *state;

	for (unsigned int i = 0; i < ANCHOR_VCPUS_MAX; i++)
		assert_ptr_equal(view_vcpu(&m->view, i),
				 m->ram + VCPUS_AT + i * VCPU_BYTES);
}

static void a_vcpu_beyond_the_table_is_none(void **state)
{
	const struct made *m = *state;

	assert_null(view_vcpu(&m->view, ANCHOR_VCPUS_MAX));
	assert_null(view_vcpu(&m->view, UINT16_MAX));
	assert_null(view_vcpu(&m->view, ~0u));
}

static void a_vcpu_beyond_ram_is_none(void **state)
{
	/* where the second vCPU would lie inside, if addresses wrapped */
	const uint64_t at[] = { RAM_BYTES, RAM_BYTES - VCPU_BYTES + 8,
				UINT64_MAX - VCPU_BYTES + 1, UINT64_MAX - 7 };
	struct made *m = *state;

	for (size_t i = 0; i < COUNT_OF(at); i++) {
		m->anchor->vcpu_hpa = at[i];
		assert_null(view_vcpu(&m->view, 0));
		assert_null(view_vcpu(&m->view, 1));
	}
	/* two and a half of them are there */
	m->anchor->vcpu_hpa = RAM_BYTES - 5 * VCPU_BYTES / 2;
	assert_non_null(view_vcpu(&m->view, 0));
	assert_non_null(view_vcpu(&m->view, 1));
	assert_null(view_vcpu(&m->view, 2));
}

static void the_anchor_is_found_by_its_magic(void **state)
{
	const struct made *m = *state;

	/* a page that only looks like it */
	*(uint64_t *)(m->ram + PAGE) = ANCHOR_MAGIC;
	assert_int_equal(view_find_anchor(m->ram, RAM_BYTES), ANCHOR_AT);
	assert_int_equal(view_find_anchor(m->ram, ANCHOR_AT + PAGE),
			 ANCHOR_AT);
	assert_true(view_find_anchor(m->ram, ANCHOR_AT + PAGE - 1) ==
		    UINT64_MAX);
	m->anchor->magic = 0;
	assert_true(view_find_anchor(m->ram, RAM_BYTES) == UINT64_MAX);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, machine_make, machine_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(bytes_end_where_the_mapping_ends),
		TEST(an_anchor_beyond_ram_is_none),
		TEST(the_anchor_is_copied),
		TEST(an_anchor_that_lies_is_not_copied),
		TEST(a_vcpu_is_found_by_its_index),
		TEST(a_vcpu_beyond_the_table_is_none),
		TEST(a_vcpu_beyond_ram_is_none),
		TEST(the_anchor_is_found_by_its_magic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
