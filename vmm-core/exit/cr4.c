/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes to CR4: which bits there are, and when they may change. AMD64
 * Architecture Programmer's Manual, volume 2, "CR4 Register".
 */
#include "vmm-core/exit/cr4.h"

#include "vmm-core/lib/x86.h"
#include "vmm-core/lib/x86_regs.h"
#include "vmm-core/vcpu/backend.h"
#include "vmm-core/vcpu/tag.h"

/* Bits that change how addresses are translated. */
#define CR4_PAGING	(CR4_PSE | CR4_PAE | CR4_PGE | CR4_LA57 |	\
			 CR4_PCIDE | CR4_SMEP | CR4_SMAP | CR4_PKE)
#define CR3_PCID	0xfffull

enum cpuid_register { LEAF1_ECX, LEAF1_EDX, LEAF7_EBX, LEAF7_ECX };

static const struct cr4_row {
	u8 reg;			/* enum cpuid_register */
	u8 bit;			/* the feature's */
	u32 cr4;
} cr4_rows[] = {
	{ LEAF1_EDX, 1, CR4_VME | CR4_PVI },
	{ LEAF1_EDX, 4, CR4_TSD },
	{ LEAF1_EDX, 2, CR4_DE },
	{ LEAF1_EDX, 3, CR4_PSE },
	{ LEAF1_EDX, 6, CR4_PAE },
	{ LEAF1_EDX, 13, CR4_PGE },
	{ LEAF1_EDX, 24, CR4_OSFXSR },
	{ LEAF1_EDX, 25, CR4_OSXMMEXCPT },
	{ LEAF1_ECX, 17, CR4_PCIDE },
	{ LEAF1_ECX, 26, CR4_OSXSAVE },
	{ LEAF7_EBX, 0, CR4_FSGSBASE },
	{ LEAF7_EBX, 7, CR4_SMEP },
	{ LEAF7_EBX, 20, CR4_SMAP },
	{ LEAF7_ECX, 2, CR4_UMIP },
	{ LEAF7_ECX, 3, CR4_PKE },
	{ LEAF7_ECX, 16, CR4_LA57 },
};

static u64 cr4_features(void)
{
	bool has7 = cpuid(0, 0).eax >= 7;
	struct cpuid c1 = cpuid(1, 0), c7 = cpuid(7, 0);
	const u32 regs[] = {
		[LEAF1_ECX] = c1.ecx, [LEAF1_EDX] = c1.edx,
		[LEAF7_EBX] = has7 ? c7.ebx : 0,
		[LEAF7_ECX] = has7 ? c7.ecx : 0,
	};
	u64 features = CR4_PCE;

	for (size_t i = 0; i < ARRAY_SIZE(cr4_rows); i++)
		if (regs[cr4_rows[i].reg] & BIT(cr4_rows[i].bit))
			features |= cr4_rows[i].cr4;
	return features;
}

static bool cr4_valid(const struct anchor_vcpu *pub, u64 value)
{
	bool long_mode = pub->efer & EFER_LMA;
	u64 changed = value ^ pub->cr4;

	/* what is on had its feature when it was switched on */
	if (changed & value && changed & value & ~cr4_features())
		return false;
	if (long_mode && (!(value & CR4_PAE) || changed & CR4_LA57))
		return false;
	if (changed & value & CR4_PCIDE)
		return long_mode && !(pub->cr3 & CR3_PCID);
	return true;
}

bool cr4_write(struct vcpu *vcpu, u64 value)
{
	u64 changed = value ^ vcpu->pub->cr4;

	if (!cr4_valid(vcpu->pub, value))
		return false;
	hv->set_cr4(vcpu, value);
	if (changed & CR4_PAGING)
		tag_flush(vcpu, TLB_CAUSE_GUEST_CR4);
	return true;
}
