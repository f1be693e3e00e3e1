/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registers that vCPUs leave in the CPU. XSAVE moves all that the CPU
 * has, whatever the guest's XCR0 says: a register stays when its feature is
 * switched off, and its guest may switch it on again.
 */
#include "vmm-core/vcpu/context.h"

#include "vmm-core/lib/x86.h"
#include "vmm-core/lib/x86_regs.h"
#include "vmm-core/mm/mm.h"
#include "vmm-core/vcpu/backend.h"

/* what cpuid.c shows: without AMX, whose state is large */
#define XCR0_SHOWN		(XCR0_X87 | XCR0_SSE | XCR0_AVX | XCR0_MPX | \
				 XCR0_AVX512 | XCR0_PKRU)

#define FXSAVE_BYTES		512
#define XSAVE_LEGACY_BYTES	576	/* with the header behind it */
#define FXSAVE_FCW		0
#define FXSAVE_MXCSR		24
#define FCW_RESET		0x037f
#define MXCSR_RESET		0x1f80

static bool has_xsave(void)
{
	return cpuid(1, 0).ecx & CPUID1_ECX_XSAVE;
}

static bool has_tsc_aux(void)
{
	return cpuid(0x80000001, 0).edx & CPUID81_EDX_RDTSCP;
}

static u64 xcr0_supported(void)
{
	struct cpuid c = cpuid(0xd, 0);

	return has_xsave() ? c.eax | (u64)c.edx << 32 : 0;
}

u64 xcr0_features(void)
{
	return xcr0_supported() & XCR0_SHOWN;
}

bool xcr0_needs_check(void)
{
	return xcr0_supported() & ~XCR0_SHOWN;
}

u32 xcr0_area_bytes(u64 features)
{
	u32 bytes = XSAVE_LEGACY_BYTES;

	for (unsigned int i = 2; i < 63; i++) {
		struct cpuid c;

		if (!(features & BIT(i)))
			continue;
		c = cpuid(0xd, i);
		if (c.ebx + c.eax > bytes)
			bytes = c.ebx + c.eax;
	}
	return bytes;
}

/* The value has all of the features or lacks all of them. */
static bool whole(u64 value, u64 features)
{
	return !(value & features) || (value & features) == features;
}

bool xcr0_valid(u64 value)
{
	if (value & ~xcr0_features() || !(value & XCR0_X87))
		return false;
	if (value & XCR0_AVX && !(value & XCR0_SSE))
		return false;
	if (value & XCR0_AVX512 && !(value & XCR0_AVX))
		return false;
	return whole(value, XCR0_MPX) && whole(value, XCR0_AVX512);
}

void context_cpu_enable(void)
{
	u64 cr4 = read_cr4() | CR4_OSFXSR;

	if (has_xsave())
		cr4 |= CR4_OSXSAVE;
	write_cr0(read_cr0() & ~(CR0_EM | CR0_TS));
	write_cr4(cr4);
}

static u64 xsave_bytes(void)
{
	return has_xsave() ? cpuid(0xd, 0).ecx : FXSAVE_BYTES;
}

int context_init(struct vcpu *vcpu)
{
	struct vcpu_context *c = &vcpu->context;
	u8 *area = mm_alloc(xsave_bytes(), PAGE_BYTES);

	if (!area)
		return -ENOMEM;
	/* an XSAVE header of zeroes: all as after power-on, but MXCSR */
	*(u16 *)(area + FXSAVE_FCW) = FCW_RESET;
	*(u32 *)(area + FXSAVE_MXCSR) = MXCSR_RESET;
	*c = (struct vcpu_context){ .xsave = area, .xcr0 = XCR0_X87 };
	return 0;
}

static void fpu_load(const struct vcpu_context *c)
{
	u64 all = xcr0_supported();

	if (!all) {
		asm volatile("fxrstor64 (%0)" : : "r"(c->xsave) : "memory");
		return;
	}
	write_xcr0(all);
	asm volatile("xrstor64 (%0)"
		     : : "r"(c->xsave), "a"((u32)all), "d"((u32)(all >> 32))
		     : "memory");
	write_xcr0(c->xcr0);
}

static void fpu_save(struct vcpu_context *c)
{
	u64 all = xcr0_supported();

	if (!all) {
		asm volatile("fxsave64 (%0)" : : "r"(c->xsave) : "memory");
		return;
	}
	c->xcr0 = read_xcr0();
	write_xcr0(all);
	asm volatile("xsave64 (%0)"
		     : : "r"(c->xsave), "a"((u32)all), "d"((u32)(all >> 32))
		     : "memory");
}

static void breakpoints_load(const u64 *dr)
{
	asm volatile("mov %0, %%dr0; mov %1, %%dr1; mov %2, %%dr2; mov %3, %%dr3"
		     : : "r"(dr[0]), "r"(dr[1]), "r"(dr[2]), "r"(dr[3]));
}

static void breakpoints_save(u64 *dr)
{
	asm volatile("mov %%dr0, %0; mov %%dr1, %1; mov %%dr2, %2; mov %%dr3, %3"
		     : "=r"(dr[0]), "=r"(dr[1]), "=r"(dr[2]), "=r"(dr[3]));
}

void context_load(struct vcpu *vcpu)
{
	struct vcpu_context *c = &vcpu->context;

	fpu_load(c);
	breakpoints_load(c->dr);
	if (has_tsc_aux())
		wrmsr(MSR_TSC_AUX, c->tsc_aux);
	hv->switch_in(vcpu);
}

void context_save(struct vcpu *vcpu)
{
	struct vcpu_context *c = &vcpu->context;

	hv->switch_out(vcpu);
	if (has_tsc_aux())
		c->tsc_aux = rdmsr(MSR_TSC_AUX);
	breakpoints_save(c->dr);
	fpu_save(c);
}

void context_reset(void)
{
	static const u64 none[4];

	breakpoints_load(none);
}
