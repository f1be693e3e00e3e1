/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fills the registers that exits do not save, is taken off its CPU and put
 * back by a hypercall (tests/plant/vcpu_ops.c), and finds them as they were.
 * XCR0 takes no value that it must not have.
 */
#include "guests/runtime/guest.h"

#include "tests/plant/vcpu_ops.h"
#include "vmm-core/lib/x86.h"

#define ROUNDS		5
#define CR4_OSFXSR	BIT(9)
#define CR4_OSXSAVE	BIT(18)
#define XSETBV_BYTES	3
#define XCR0_AVX	7

static u64 bad;

static void expect(const char *what, bool right)
{
	if (right)
		return;
	bad++;
	guest_print("context-guest: ");
	guest_print(what);
	guest_print(" is lost\n");
}

static void off_the_cpu(void)
{
	static const struct guest_hypercall call = {
		.number = HC_PLANT_SWITCH };

	guest_hypercall(&call);
}

static const struct { u32 index; const char *name; } msrs[] = {
	{ 0x174, "SYSENTER_CS" }, { 0x175, "SYSENTER_ESP" },
	{ 0x176, "SYSENTER_EIP" }, { 0xc0000081, "STAR" },
	{ 0xc0000082, "LSTAR" }, { 0xc0000083, "CSTAR" },
	{ 0xc0000084, "SFMASK" }, { 0xc0000100, "FS_BASE" },
	{ 0xc0000101, "GS_BASE" }, { 0xc0000102, "KERNEL_GS_BASE" },
	{ 0xc0000103, "TSC_AUX" },
};

static void msrs_stay(u64 seed)
{
	for (u32 i = 0; i < ARRAY_SIZE(msrs); i++)
		wrmsr(msrs[i].index, (seed + i) << 4);
	off_the_cpu();
	for (u32 i = 0; i < ARRAY_SIZE(msrs); i++)
		expect(msrs[i].name,
		       rdmsr(msrs[i].index) == (seed + i) << 4);
}

/* ymm0, ymm7 and ymm15, an x87 register and MXCSR; then with XCR0 as small
 * as it goes, and the upper halves come back with it. */
static void vectors_stay(u64 seed)
{
	u64 in[4] = { seed, ~seed, seed << 32, seed * 3 }, out[3][4] = { 0 };
	u32 mxcsr = 0x3f80, mxcsr_out = 0;
	u16 control = 0x27f, control_out = 0;

	asm volatile("vmovups %0, %%ymm0; vmovups %0, %%ymm7\n\t"
		     "vmovups %0, %%ymm15\n\t"
		     "fldcw %1; ldmxcsr %2"
		     : : "m"(in), "m"(control), "m"(mxcsr));
	off_the_cpu();
	write_xcr0(1);
	off_the_cpu();
	expect("XCR0", read_xcr0() == 1);
	write_xcr0(XCR0_AVX);
	off_the_cpu();
	expect("XCR0", read_xcr0() == XCR0_AVX);
	asm volatile("vmovups %%ymm0, %0; vmovups %%ymm7, %1\n\t"
		     "vmovups %%ymm15, %2\n\t"
		     "fnstcw %3; stmxcsr %4"
		     : "=m"(out[0]), "=m"(out[1]), "=m"(out[2]),
		       "=m"(control_out), "=m"(mxcsr_out));
	for (unsigned int i = 0; i < 12; i++)
		expect("a vector register", out[i / 4][i % 4] == in[i % 4]);
	expect("the x87 control word", control_out == control);
	expect("MXCSR", mxcsr_out == mxcsr);
}

static void breakpoints_stay(u64 seed)
{
	u64 dr[4];

	asm volatile("mov %0, %%dr0; mov %1, %%dr1; mov %2, %%dr2; mov %3, %%dr3"
		     : : "r"(seed), "r"(seed + 1), "r"(seed + 2), "r"(seed + 3));
	off_the_cpu();
	asm volatile("mov %%dr0, %0; mov %%dr1, %1; mov %%dr2, %2; mov %%dr3, %3"
		     : "=r"(dr[0]), "=r"(dr[1]), "=r"(dr[2]), "=r"(dr[3]));
	for (unsigned int i = 0; i < 4; i++)
		expect("a breakpoint", dr[i] == seed + i);
}

/* Each is #GP, and leaves XCR0 as it was. */
static void xcr0_refused(u32 index, u64 value)
{
	u64 before = guest_faults;

	asm volatile("xsetbv" : : "c"(index), "a"((u32)value),
		     "d"((u32)(value >> 32)));
	expect("a #GP", guest_faults == before + 1);
	expect("XCR0", read_xcr0() == XCR0_AVX);
}

static void xcr0_is_checked(void)
{
	guest_catch(XSETBV_BYTES);
	xcr0_refused(0, 0);
	xcr0_refused(0, 6);		/* without x87 */
	xcr0_refused(0, 5);		/* AVX without SSE */
	xcr0_refused(0, BIT(17) | BIT(18) | XCR0_AVX);
	xcr0_refused(0, BIT(63) | XCR0_AVX);
	xcr0_refused(1, XCR0_AVX);
}

void guest_main(void)
{
	u64 cr4 = read_cr4() | CR4_OSFXSR | CR4_OSXSAVE;

	write_cr4(cr4);
	expect("XCR0 at the start", read_xcr0() == 1);
	write_xcr0(XCR0_AVX);
	for (u64 i = 1; i <= ROUNDS; i++) {
		msrs_stay(i * 0x100);	/* SYSENTER_CS has 16 bits */
		vectors_stay(i * 0x123456789abcdefull);
		breakpoints_stay(i * 0x10000);
	}
	xcr0_is_checked();
	guest_print("context-guest: bad ");
	guest_print_number(bad);
	guest_print("\n");
}
