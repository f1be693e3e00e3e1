/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tags by generations: who needs a new one, what is flushed for it and under
 * which cause that is recorded.
 */
#include "tests/unit/core_vm.h"

#include "vmm-core/vcpu/tag.c"

static struct trace_flush flushed;
static unsigned int flushes;
static struct tag_pool pool, other_pool;

void trace_tlb_flush(struct trace_vcpu of, const struct trace_flush *flush)
{
	(void)of;
	flushed = *flush;
	flushes++;
}

static int setup(void **state)
{
	(void)state;
	test_vm_init(4);
	flushes = 0;
	tag_pool_init(&pool, 4, true);
	tag_pool_init(&other_pool, 4, true);
	return 0;
}

/* The vCPU enters the guest on the pool's CPU. */
static void enter(unsigned int i, struct tag_pool *p)
{
	struct vcpu *vcpu = &test_vcpu[i];

	flushes = 0;
	if (!tag_holds(&vcpu->tag, p)) {
		enum tlb_scope scope = tag_renew(vcpu, p);

		assert_int_equal(scope, flushed.scope);
	}
	assert_true(tag_holds(&vcpu->tag, p));
}

static void was_flushed(enum tlb_cause cause, enum tlb_scope scope, u16 tag)
{
	assert_int_equal(flushes, 1);
	assert_int_equal(flushed.cause, cause);
	assert_int_equal(flushed.scope, scope);
	assert_int_equal(flushed.asid, tag);
}

static void a_tag_is_kept(void **state)
{
	(void)state;
	enter(0, &pool);
	was_flushed(TLB_CAUSE_ASID_NEW, TLB_SCOPE_CONTEXT, 1);
	enter(0, &pool);
	assert_int_equal(flushes, 0);
	enter(1, &pool);
	was_flushed(TLB_CAUSE_ASID_NEW, TLB_SCOPE_CONTEXT, 2);
	enter(0, &pool);
	assert_int_equal(flushes, 0);
}

static void a_new_generation_voids_all(void **state)
{
	u16 i;

	(void)state;
	for (i = 0; i < 3; i++)
		enter(i, &pool);
	enter(3, &pool);
	was_flushed(TLB_CAUSE_ASID_ROLLOVER, TLB_SCOPE_ALL, 1);
	assert_int_equal(pool.generation, 2);
	/* the first one has it no more, though the number is the same */
	assert_int_equal(test_vcpu[0].tag.value, 1);
	enter(0, &pool);
	was_flushed(TLB_CAUSE_ASID_ROLLOVER, TLB_SCOPE_ALL, 2);
	assert_int_not_equal(test_vcpu[0].tag.value, test_vcpu[3].tag.value);
}

static void another_cpu_has_other_tags(void **state)
{
	(void)state;
	enter(0, &other_pool);
	enter(1, &pool);
	enter(1, &other_pool);
	was_flushed(TLB_CAUSE_VCPU_MOVED, TLB_SCOPE_CONTEXT, 2);
	enter(1, &pool);
	was_flushed(TLB_CAUSE_VCPU_MOVED, TLB_SCOPE_CONTEXT, 2);
}

static void a_flush_is_done_once(void **state)
{
	(void)state;
	enter(0, &pool);
	tag_flush(&test_vcpu[0], TLB_CAUSE_NPT_CHANGED);
	tag_flush(&test_vcpu[0], TLB_CAUSE_PV_REQUEST);
	enter(0, &pool);
	was_flushed(TLB_CAUSE_NPT_CHANGED, TLB_SCOPE_CONTEXT, 1);
	enter(0, &pool);
	assert_int_equal(flushes, 0);
}

static void a_cpu_that_flushes_all_or_nothing(void **state)
{
	(void)state;
	tag_pool_init(&pool, 4, false);
	enter(0, &pool);
	was_flushed(TLB_CAUSE_ASID_NEW, TLB_SCOPE_ALL, 1);
	tag_flush(&test_vcpu[0], TLB_CAUSE_NPT_CHANGED);
	enter(0, &pool);
	was_flushed(TLB_CAUSE_NPT_CHANGED, TLB_SCOPE_ALL, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		TEST(a_tag_is_kept),
		TEST(a_new_generation_voids_all),
		TEST(another_cpu_has_other_tags),
		TEST(a_flush_is_done_once),
		TEST(a_cpu_that_flushes_all_or_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
