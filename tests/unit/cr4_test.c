/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CR4: which bits a guest may set, and when they may change.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "vmm-core/lib/x86.h"

static struct cpuid leaf1, leaf7;
static u32 max_leaf;

static struct cpuid test_cpuid(u32 leaf, u32 subleaf)
{
	(void)subleaf;
	if (leaf == 0)
		return (struct cpuid){ .eax = max_leaf };
	return leaf == 1 ? leaf1 : leaf7;
}

#define cpuid(leaf, subleaf) test_cpuid(leaf, subleaf)
#include "vmm-core/exit/cr4.c"
#undef cpuid

const struct hv_ops *hv;
static struct anchor_vcpu pub;
static struct vcpu vcpu;

static void set_cr4(struct vcpu *v, u64 cr4)
{
	v->pub->cr4 = cr4;
}

static const struct hv_ops ops = { .set_cr4 = set_cr4 };

static int setup(void **state)
{
	(void)state;
	hv = &ops;
	memset(&pub, 0, sizeof(pub));
	memset(&vcpu, 0, sizeof(vcpu));
	vcpu.pub = &pub;
	max_leaf = 7;
	leaf1 = leaf7 = (struct cpuid){ ~0u, ~0u, ~0u, ~0u };
	return 0;
}

static void bits_follow_their_features(void **state)
{
	(void)state;
	assert_true(cr4_write(&vcpu, CR4_PGE | CR4_SMEP | CR4_UMIP));
	assert_int_equal(pub.cr4, CR4_PGE | CR4_SMEP | CR4_UMIP);
	assert_true(cr4_write(&vcpu, 0));
	leaf7.ebx = 0;
	assert_false(cr4_write(&vcpu, CR4_SMEP));
	assert_true(cr4_write(&vcpu, CR4_UMIP));
	assert_true(cr4_write(&vcpu, 0));
	max_leaf = 6;
	assert_false(cr4_write(&vcpu, CR4_UMIP));
	leaf1.edx = 0;
	assert_false(cr4_write(&vcpu, CR4_PGE));
}

/* No CPU has them, or CPUID hides them whatever the CPU has. */
static void unknown_bits_are_refused(void **state)
{
	static const u8 bits[] = { 6, 13, 14, 15, 19, 23, 24, 25, 31, 32, 63 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bits); i++) {
		assert_false(cr4_write(&vcpu, BIT(bits[i])));
		assert_int_equal(pub.cr4, 0);
	}
}

static void long_mode_keeps_its_paging(void **state)
{
	(void)state;
	pub.efer = EFER_LMA;
	pub.cr4 = CR4_PAE;
	assert_false(cr4_write(&vcpu, 0));
	assert_false(cr4_write(&vcpu, CR4_PAE | CR4_LA57));
	assert_true(cr4_write(&vcpu, CR4_PAE | CR4_PGE));
}

static void pcids_need_long_mode_and_none_in_use(void **state)
{
	(void)state;
	assert_false(cr4_write(&vcpu, CR4_PAE | CR4_PCIDE));
	pub.efer = EFER_LMA;
	pub.cr4 = CR4_PAE;
	pub.cr3 = 0x1001;
	assert_false(cr4_write(&vcpu, CR4_PAE | CR4_PCIDE));
	pub.cr3 = 0x1000;
	assert_true(cr4_write(&vcpu, CR4_PAE | CR4_PCIDE));
	/* once on, CR3 may have one */
	pub.cr3 = 0x1001;
	assert_true(cr4_write(&vcpu, CR4_PAE | CR4_PCIDE | CR4_PGE));
}

static void paging_bits_flush(void **state)
{
	(void)state;
	assert_true(cr4_write(&vcpu, CR4_TSD | CR4_OSFXSR));
	assert_false(vcpu.tag.flush);
	assert_true(cr4_write(&vcpu, CR4_TSD | CR4_OSFXSR | CR4_PGE));
	assert_true(vcpu.tag.flush);
	assert_int_equal(vcpu.tag.cause, TLB_CAUSE_GUEST_CR4);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		TEST(bits_follow_their_features),
		TEST(unknown_bits_are_refused),
		TEST(long_mode_keeps_its_paging),
		TEST(pcids_need_long_mode_and_none_in_use),
		TEST(paging_bits_flush),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
