/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPUID: the machine's own answers, less what the core does not virtualize,
 * plus what only a hypervisor says.
 */
#include "vmm-core/exit/handlers.h"

#include "vmm-core/abi/hypercall.h"
#include "vmm-core/lib/string.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/lib/x86_regs.h"
#include "vmm-core/cpu/cpu.h"
#include "vmm-core/cpu/cpu_faults.h"
#include "vmm-core/lib/apic_regs.h"
#include "vmm-core/vcpu/context.h"
#include "vmm-core/vcpu/vcpu.h"
#include "vmm-core/vcpu/vm.h"

/* Fn0000_0001 */
#define ECX1_HIDDEN	(CPUID1_ECX_MONITOR | CPUID1_ECX_VMX |		\
			 CPUID1_ECX_SMX | CPUID1_ECX_EIST |		\
			 CPUID1_ECX_TM2 | CPUID1_ECX_PDCM |		\
			 CPUID1_ECX_OSXSAVE)
#define EDX1_HIDDEN	(BIT(7) /* MCE */ | BIT(12) /* MTRR */ |	\
			 BIT(14) /* MCA */ | BIT(21) /* DS */ |		\
			 BIT(22) /* ACPI */ | BIT(29) /* TM */)
/* Fn0000_0007 */
#define EBX7_HIDDEN	(BIT(2) /* SGX */ | BIT(25) /* PT */)
#define ECX7_HIDDEN	(BIT(5) /* WAITPKG */ | BIT(7) /* CET_SS */ |	\
			 BIT(13) /* TME */ | BIT(23) /* KL */ |		\
			 BIT(24) /* BUS_LOCK */ | BIT(30) /* SGX_LC */ | \
			 BIT(31) /* PKS */)
#define EDX7_HIDDEN	(BIT(18) /* PCONFIG */ | BIT(19) /* LBR */ |	\
			 BIT(20) /* CET_IBT */ | BIT(22) /* AMX */ |	\
			 BIT(24) | BIT(25) | BIT(26) /* SPEC_CTRL */ |	\
			 BIT(27) | BIT(28) | BIT(29) | BIT(30) | BIT(31))
/* Fn0000_000D_x1 */
#define EAXD1_XSAVES	BIT(3)
/* Fn8000_0001 */
#define EDX81_HIDDEN	(BIT(7) /* MCE */ | BIT(12) /* MTRR */ | BIT(14))
#define ECX81_HIDDEN	(BIT(2) /* SVM */ | BIT(9) /* OSVW */ |		\
			 BIT(10) /* IBS */ | BIT(12) /* SKINIT */ |	\
			 BIT(13) /* WDT */ | BIT(15) /* LWP */ |	\
			 BIT(17) /* TCE */ | BIT(19) | BIT(22) /* topology */ |		\
			 BIT(23) /* PerfCtr */ | BIT(24) | BIT(26) |	\
			 BIT(27) | BIT(28) | BIT(29) /* MONITORX */)
/* Fn8000_0008 EBX: speculation controls, RDPRU, INVLPGB, MCOMMIT */
#define EBX88_HIDDEN	(BIT(3) | BIT(4) | BIT(8) | BIT(12) | BIT(14) |	\
			 BIT(15) | BIT(16) | BIT(17) | BIT(18) |	\
			 BIT(19) | BIT(20) | BIT(24) | BIT(25) |	\
			 BIT(26) | BIT(28))

/* Fn8000_0021 EAX: how data breakpoints, FS and GS bases, LFENCE and null
 * selectors behave, and that no SMM control MSR is there */
#define EAX821_SHOWN	(BIT(0) | BIT(1) | BIT(2) | BIT(6) | BIT(9))

/* KVM's feature leaf, Documentation/virt/kvm/x86/cpuid.rst in Linux */
#define KVM_FEATURE_NOP_IO_DELAY	BIT(1)
#define KVM_FEATURE_CLOCKSOURCE2	BIT(3)
#define KVM_FEATURE_PV_EOI		BIT(6)
#define KVM_FEATURE_CLOCKSOURCE_STABLE	BIT(24)

static struct cpuid signature(u32 max_leaf, const char text[12])
{
	struct cpuid c = { .eax = max_leaf };

	memcpy(&c.ebx, text, 4);
	memcpy(&c.ecx, text + 4, 4);
	memcpy(&c.edx, text + 8, 4);
	return c;
}

static struct cpuid cpuid_kvm_features(u32 pv)
{
	struct cpuid c = { 0 };

	if (pv & VM_PV_IODELAY)
		c.eax |= KVM_FEATURE_NOP_IO_DELAY;
	if (pv & VM_PV_CLOCK)
		c.eax |= KVM_FEATURE_CLOCKSOURCE2 |
			 KVM_FEATURE_CLOCKSOURCE_STABLE;
	if (pv & VM_PV_EOI)
		c.eax |= KVM_FEATURE_PV_EOI;
	return c;
}

/* KVM's leaves are there only while one of its interfaces is offered. */
static struct cpuid __cold cpuid_hypervisor(const struct vcpu *vcpu, u32 leaf)
{
	u32 pv = vcpu->vm->pv;

	switch (leaf) {
	case HV_CPUID_BASE:
		return signature(HV_CPUID_BASE + 1, HV_SIGNATURE);
	case HV_CPUID_BASE + 1:
		return (struct cpuid){ .eax = ANCHOR_VERSION };
	case HV_CPUID_KVM_BASE:
		if (pv)
			return signature(HV_CPUID_KVM_BASE + 1,
					 HV_KVM_SIGNATURE);
		break;
	case HV_CPUID_KVM_BASE + 1:
		return cpuid_kvm_features(pv);
	}
	return (struct cpuid){ 0 };
}

static struct cpuid __cold cpuid_features(const struct vcpu *vcpu)
{
	struct cpuid c = cpuid(1, 0);

	c.ebx = (c.ebx & 0xffff) | (u32)vcpu->vm->vcpus << 16 |
		vcpu->lapic.id << 24;
	c.ecx = (c.ecx & ~ECX1_HIDDEN) | CPUID1_ECX_X2APIC |
		CPUID1_ECX_TSC_DEADLINE | CPUID1_ECX_HYPERVISOR;
	if (cpu_faults.cmpxchg16b_flags)
		c.ecx &= ~CPUID1_ECX_CX16;
	if (vcpu->pub->cr4 & CR4_OSXSAVE)
		c.ecx |= CPUID1_ECX_OSXSAVE;
	c.edx &= ~EDX1_HIDDEN;
	if (!(vcpu->lapic.base & APIC_BASE_ENABLE))
		c.edx &= ~(u32)CPUID1_EDX_APIC;
	return c;
}

static struct cpuid __cold cpuid_structured(const struct vcpu *vcpu,
					    u32 subleaf)
{
	struct cpuid c = cpuid(7, subleaf);

	if (subleaf)
		return (struct cpuid){ 0 };
	c.eax = 0;
	c.ebx = (c.ebx & ~EBX7_HIDDEN) | CPUID7_EBX_TSC_ADJUST;
	c.ecx &= ~(ECX7_HIDDEN | (u32)CPUID7_ECX_OSPKE);
	if (vcpu->pub->cr4 & CR4_PKE)
		c.ecx |= CPUID7_ECX_OSPKE;
	c.edx &= ~EDX7_HIDDEN;
	return c;
}

/* One package, one core a vCPU, no threads. */
static struct cpuid __cold cpuid_topology(const struct vcpu *vcpu, u32 subleaf)
{
	struct cpuid c = { .ecx = subleaf, .edx = vcpu->lapic.id };

	if (subleaf == 0) {
		c.ebx = 1;
		c.ecx |= 1 << 8;	/* SMT */
	} else if (subleaf == 1) {
		c.eax = 8;		/* bits of the x2APIC id */
		c.ebx = vcpu->vm->vcpus;
		c.ecx |= 2 << 8;	/* core */
	}
	return c;
}

/* Where the state of XCR0's features lies: only that of those shown. */
static struct cpuid __cold cpuid_xsave(u32 subleaf)
{
	struct cpuid c = cpuid(0xd, subleaf);
	u64 shown = xcr0_features();

	switch (subleaf) {
	case 0:
		c.eax &= (u32)shown;
		c.ecx = xcr0_area_bytes(shown);
		c.edx &= (u32)(shown >> 32);
		return c;
	case 1:
		/* nothing that only the supervisor may switch on */
		c.eax &= ~EAXD1_XSAVES;
		c.ebx = c.ecx = c.edx = 0;
		return c;
	}
	return subleaf < 64 && shown & BIT(subleaf) ? c : (struct cpuid){ 0 };
}

/* One case of the switch below: leaf 0 pays for each test that gcc adds. */
static struct cpuid __cold cpuid_rare(const struct vcpu *vcpu, u32 leaf,
				      u32 subleaf)
{
	return leaf == 0xd ? cpuid_xsave(subleaf) :
			     cpuid_topology(vcpu, subleaf);
}

static struct cpuid __cold cpuid_extended_features(void)
{
	struct cpuid c = cpuid(0x80000001, 0);

	c.ecx &= ~ECX81_HIDDEN;
	c.edx &= ~EDX81_HIDDEN;
	return c;
}

/* Fn8000_0021: without what would need an MSR or a bit of EFER. */
static struct cpuid __cold cpuid_extended_2(void)
{
	return (struct cpuid){ .eax = cpuid(0x80000021, 0).eax & EAX821_SHOWN };
}

static struct cpuid __cold cpuid_sizes(const struct vcpu *vcpu)
{
	struct cpuid c = cpuid(0x80000008, 0);

	c.ebx &= ~EBX88_HIDDEN;
	c.ecx = vcpu->vm->vcpus - 1u;
	return c;
}

static inline __attribute__((always_inline)) struct cpuid
cpuid_guest(const struct vcpu *vcpu, u32 leaf, u32 subleaf)
{
	switch (leaf) {
	case 0x1:	return cpuid_features(vcpu);
	case 0x5:	return (struct cpuid){ 0 };	/* MONITOR */
	case 0x6:	return (struct cpuid){ .eax = CPUID6_EAX_ARAT };
	case 0x7:	return cpuid_structured(vcpu, subleaf);
	case 0xb:
	case 0xd:
	case 0x1f:	return cpuid_rare(vcpu, leaf, subleaf);
	case 0xa:					/* PMU */
	case 0xf:					/* RDT */
	case 0x10:
	case 0x12:					/* SGX */
	case 0x14:					/* PT */
	case 0x15:					/* TSC, crystal */
	case 0x16:
	case 0x8000000a:				/* SVM */
	case 0x8000001b:				/* IBS */
	case 0x8000001d:				/* topology */
	case 0x8000001e:
	case 0x8000001f:				/* SEV */
	case 0x80000020:
	case 0x80000022:	return (struct cpuid){ 0 };
	case 0x80000001:	return cpuid_extended_features();
	case 0x80000008:	return cpuid_sizes(vcpu);
	case 0x80000021:	return cpuid_extended_2();
	}
	if (leaf - HV_CPUID_BASE < 0x10000)
		return cpuid_hypervisor(vcpu, leaf);
	return cpuid(leaf, subleaf);
}

u64 cpuid_answer(struct vcpu *vcpu, u32 leaf)
{
	u32 subleaf = (u32)vcpu->gpr[RCX];
	struct cpuid c = cpuid_guest(vcpu, leaf, subleaf);

	vcpu->gpr[RAX] = c.eax;
	vcpu->gpr[RBX] = c.ebx;
	vcpu->gpr[RCX] = c.ecx;
	vcpu->gpr[RDX] = c.edx;
	return leaf | (u64)subleaf << 32;
}

void handle_cpuid(struct vcpu *vcpu, struct exit_info *exit)
{
	u32 leaf = (u32)vcpu->gpr[RAX];

	if (insn_skip(vcpu, exit, OPCODE_CPUID, 2))
		exit->detail = cpuid_answer(vcpu, leaf);
}
