/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * XSETBV as a guest may run it: the values that a CPU of these features
 * takes, less the features that guests are not shown.
 */
#include "tests/unit/core_vm.h"

static u64 cpu_has;
static u64 xcr0;

/* Feature n's state: 64 bytes at n * 1024, as far as the CPU has it. */
static struct cpuid test_cpuid(u32 leaf, u32 subleaf)
{
	if (leaf == 1)
		return (struct cpuid){ .ecx = cpu_has ? BIT(26) : 0 };
	if (leaf != 0xd)
		return (struct cpuid){ 0 };
	if (subleaf == 0)
		return (struct cpuid){ .eax = (u32)cpu_has, .ebx = 832,
				       .ecx = 20000,
				       .edx = (u32)(cpu_has >> 32) };
	if (subleaf == 1)
		return (struct cpuid){ .eax = 0xf, .ebx = 7, .ecx = 0x100 };
	return (struct cpuid){ .eax = 64, .ebx = subleaf * 1024 };
}

#define cpuid(leaf, subleaf)	test_cpuid(leaf, subleaf)
#define write_xcr0(value)	(xcr0 = (value))
#define read_xcr0()		xcr0

#include "vmm-core/vcpu/context.c"
#include "vmm-core/exit/cr.c"
#include "vmm-core/exit/cpuid.c"

struct cpu_faults cpu_faults;

#define AVX512	0xe7ull		/* x87, SSE, AVX and the three of AVX-512 */
#define AMX	(BIT(17) | BIT(18))

static struct vcpu *vcpu;
static bool faulted;

void *mm_alloc(u64 bytes, u64 align)
{
	(void)bytes;
	(void)align;
	return NULL;
}

void vcpu_completed(struct vcpu *v)
{
	(void)v;
	fail();
}

bool cr4_write(struct vcpu *v, u64 value)
{
	(void)v;
	(void)value;
	fail();
	return false;
}

bool insn_skip(struct vcpu *v, struct exit_info *exit, u32 opcode, u8 bytes)
{
	assert_int_equal(opcode, 0xd1010f);
	vcpu_skip(v, exit, bytes);
	return true;
}

size_t insn_fetch(struct vcpu *v, u8 *insn)
{
	(void)v;
	(void)insn;
	return 0;
}

struct insn_mov_cr insn_mov_cr(const u8 *insn, size_t bytes, u8 code_bits)
{
	(void)insn;
	(void)bytes;
	(void)code_bits;
	return (struct insn_mov_cr){ 0 };
}

void vm_crash(struct vcpu *v, const struct exit_info *exit, const char *what)
{
	(void)v;
	(void)exit;
	(void)what;
	fail();
}

void vcpu_inject_gp(struct vcpu *v)
{
	(void)v;
	faulted = true;
}

static int setup(void **state)
{
	(void)state;
	test_vm_init(1);
	vcpu = &test_vcpu[0];
	xcr0 = 1;
	return 0;
}

static bool takes(u32 index, u64 value)
{
	struct exit_info exit = { 0 };
	u64 before = xcr0;

	faulted = false;
	vcpu->rip = 0x1000;
	/* the upper halves of the registers do not count */
	vcpu->gpr[RCX] = index | 5ull << 32;
	vcpu->gpr[RAX] = (u32)value | 7ull << 32;
	vcpu->gpr[RDX] = value >> 32 | 9ull << 32;
	handle_xsetbv(vcpu, &exit);
	assert_int_equal(xcr0, faulted ? before : value);
	assert_int_equal(vcpu->rip, faulted ? 0x1000 : 0x1003);
	return !faulted;
}

static void only_whole_and_known_features(void **state)
{
	(void)state;
	cpu_has = AVX512 | AMX | BIT(9) | BIT(3) | BIT(4);
	assert_true(xcr0_needs_check());
	assert_true(takes(0, 1));
	assert_true(takes(0, 3));
	assert_true(takes(0, 7));
	assert_true(takes(0, AVX512 | BIT(9)));
	assert_true(takes(0, 7 | BIT(3) | BIT(4)));
	assert_false(takes(0, 0));
	assert_false(takes(0, 6));
	assert_false(takes(0, 5));
	assert_false(takes(0, 7 | BIT(5)));
	assert_false(takes(0, 3 | BIT(5) | BIT(6) | BIT(7)));
	assert_false(takes(0, 7 | BIT(3)));
	assert_false(takes(0, 7 | AMX));
	assert_false(takes(0, 7 | BIT(63)));
	assert_false(takes(1, 7));
}

static void what_the_cpu_lacks_is_refused(void **state)
{
	(void)state;
	cpu_has = 7;
	assert_false(xcr0_needs_check());
	assert_true(takes(0, 7));
	assert_false(takes(0, AVX512));
	assert_false(takes(0, 7 | BIT(9)));
	cpu_has = 0;
	assert_int_equal(xcr0_features(), 0);
	assert_false(takes(0, 1));
}

static struct cpuid leaf_d(u32 subleaf)
{
	vcpu->gpr[RCX] = subleaf;
	cpuid_answer(vcpu, 0xd);
	return (struct cpuid){ (u32)vcpu->gpr[RAX], (u32)vcpu->gpr[RBX],
			       (u32)vcpu->gpr[RCX], (u32)vcpu->gpr[RDX] };
}

static void cpuid_says_the_same(void **state)
{
	(void)state;
	cpu_has = AVX512 | AMX | BIT(9);
	assert_int_equal(leaf_d(0).eax, AVX512 | BIT(9));
	assert_int_equal(leaf_d(0).ebx, 832);	/* as XCR0 is now */
	assert_int_equal(leaf_d(0).ecx, 9 * 1024 + 64);
	assert_int_equal(leaf_d(1).eax, 7);
	assert_int_equal(leaf_d(1).ecx, 0);
	assert_int_equal(leaf_d(9).eax, 64);
	assert_int_equal(leaf_d(17).eax, 0);
	assert_int_equal(leaf_d(100).eax, 0);
	cpu_has = 3;
	assert_int_equal(leaf_d(0).ecx, 576);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		TEST(only_whole_and_known_features),
		TEST(what_the_cpu_lacks_is_refused),
		TEST(cpuid_says_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
