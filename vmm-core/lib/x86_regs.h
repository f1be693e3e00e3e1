/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bits and numbers of x86, by the manuals' names, each once: SDM volume
 * 3, "System Architecture Overview", "Paging" and "Model-Specific Registers";
 * APM volumes 2 and 3. The local APIC's are in apic_regs.h, what only SVM has
 * in svm/regs.h. Assembly includes this, too.
 */
#ifndef VMM_CORE_LIB_X86_REGS_H
#define VMM_CORE_LIB_X86_REGS_H

#ifdef __ASSEMBLY__
#define X86_BIT(n)	(1 << (n))
#else
#include "vmm-core/lib/types.h"
#define X86_BIT(n)	BIT(n)
#endif

#define RFLAGS_ONE		X86_BIT(1)	/* always set */
#define RFLAGS_CF		X86_BIT(0)
#define RFLAGS_ZF		X86_BIT(6)
#define RFLAGS_TF		X86_BIT(8)
#define RFLAGS_IF		X86_BIT(9)
#define RFLAGS_DF		X86_BIT(10)
#define RFLAGS_RF		X86_BIT(16)
#define RFLAGS_AC		X86_BIT(18)
/* what arithmetic sets: CF PF AF ZF SF OF */
#define RFLAGS_STATUS		0x8d5ull
/* below 32, always clear */
#define RFLAGS_RESERVED		0xffc08028u

#define CR0_PE			X86_BIT(0)
#define CR0_MP			X86_BIT(1)
#define CR0_EM			X86_BIT(2)
#define CR0_TS			X86_BIT(3)
#define CR0_ET			X86_BIT(4)
#define CR0_NE			X86_BIT(5)
#define CR0_WP			X86_BIT(16)
#define CR0_NW			X86_BIT(29)
#define CR0_CD			X86_BIT(30)
#define CR0_PG			X86_BIT(31)

#define CR4_VME			X86_BIT(0)
#define CR4_PVI			X86_BIT(1)
#define CR4_TSD			X86_BIT(2)
#define CR4_DE			X86_BIT(3)
#define CR4_PSE			X86_BIT(4)
#define CR4_PAE			X86_BIT(5)
#define CR4_PGE			X86_BIT(7)
#define CR4_PCE			X86_BIT(8)
#define CR4_OSFXSR		X86_BIT(9)
#define CR4_OSXMMEXCPT		X86_BIT(10)
#define CR4_UMIP		X86_BIT(11)
#define CR4_LA57		X86_BIT(12)
#define CR4_FSGSBASE		X86_BIT(16)
#define CR4_PCIDE		X86_BIT(17)
#define CR4_OSXSAVE		X86_BIT(18)
#define CR4_SMEP		X86_BIT(20)
#define CR4_SMAP		X86_BIT(21)
#define CR4_PKE			X86_BIT(22)

#define XCR0_X87		X86_BIT(0)
#define XCR0_SSE		X86_BIT(1)
#define XCR0_AVX		X86_BIT(2)
#define XCR0_MPX		(X86_BIT(3) | X86_BIT(4))
#define XCR0_AVX512		(X86_BIT(5) | X86_BIT(6) | X86_BIT(7))
#define XCR0_PKRU		X86_BIT(9)

#define DR6_BS			X86_BIT(14)
#define DR6_RESET		0xffff0ff0
#define DR7_RESET		0x400

#define EFER_SCE		X86_BIT(0)
#define EFER_LME		X86_BIT(8)
#define EFER_LMA		X86_BIT(10)
#define EFER_NXE		X86_BIT(11)
#define EFER_FFXSR		X86_BIT(14)

/* Entries of page tables */
#define PTE_PRESENT		X86_BIT(0)
#define PTE_WRITE		X86_BIT(1)
#define PTE_USER		X86_BIT(2)
#define PTE_PWT			X86_BIT(3)
#define PTE_PCD			X86_BIT(4)
#define PTE_ACCESSED		X86_BIT(5)
#define PTE_DIRTY		X86_BIT(6)
#define PTE_LARGE		X86_BIT(7)
#define PTE_NO_FETCH		X86_BIT(63)
#define PTE_ADDRESS		0x000ffffffffff000ull

/* Exceptions */
#define VECTOR_DE		0
#define VECTOR_DB		1
#define VECTOR_NMI		2
#define VECTOR_BP		3
#define VECTOR_OF		4
#define VECTOR_UD		6
#define VECTOR_DF		8
#define VECTOR_TS		10
#define VECTOR_NP		11
#define VECTOR_SS		12
#define VECTOR_GP		13
#define VECTOR_PF		14
#define VECTOR_AC		17

#define MSR_TSC			0x10
#define MSR_PLATFORM_ID		0x17
#define MSR_EBL_CR_POWERON	0x2a
#define MSR_TSC_ADJUST		0x3b
#define MSR_PATCH_LEVEL		0x8b
#define MSR_P6_PERFCTR0		0xc1
#define MSR_P6_PERFCTR1		0xc2
#define MSR_MTRR_CAP		0xfe
#define MSR_SYSENTER_CS		0x174
#define MSR_SYSENTER_ESP	0x175
#define MSR_SYSENTER_EIP	0x176
#define MSR_P6_EVNTSEL0		0x186
#define MSR_P6_EVNTSEL1		0x187
#define MSR_MISC_ENABLE		0x1a0
#define MISC_ENABLE_FAST_STRING	X86_BIT(0)
#define MISC_ENABLE_NO_BTS	X86_BIT(11)
#define MISC_ENABLE_NO_PEBS	X86_BIT(12)
#define MSR_DEBUGCTL		0x1d9
#define MSR_PAT			0x277
#define MSR_XSS			0xda0
#define MSR_EFER		0xc0000080
#define MSR_STAR		0xc0000081
#define MSR_LSTAR		0xc0000082
#define MSR_CSTAR		0xc0000083
#define MSR_SFMASK		0xc0000084
#define MSR_FS_BASE		0xc0000100
#define MSR_GS_BASE		0xc0000101
#define MSR_KERNEL_GS_BASE	0xc0000102
#define MSR_TSC_AUX		0xc0000103
#define MSR_K7_EVNTSEL0		0xc0010000
#define MSR_K7_PERFCTR3		0xc0010007
#define MSR_SYSCFG		0xc0010010
#define MSR_HWCR		0xc0010015
#define MSR_NB_CFG		0xc001001f
#define MSR_INTP		0xc0010055
#define MSR_LS_CFG		0xc0011020
#define MSR_IC_CFG		0xc0011021
#define MSR_DC_CFG		0xc0011022
#define MSR_DE_CFG		0xc0011029
#define DE_CFG_LFENCE_SERIALIZE	X86_BIT(1)

#define PAT_RESET		0x0007040600070406ull

/* CPUID, by leaf and register */
#define CPUID1_ECX_MONITOR	X86_BIT(3)
#define CPUID1_ECX_VMX		X86_BIT(5)
#define CPUID1_ECX_SMX		X86_BIT(6)
#define CPUID1_ECX_EIST		X86_BIT(7)
#define CPUID1_ECX_TM2		X86_BIT(8)
#define CPUID1_ECX_CX16		X86_BIT(13)
#define CPUID1_ECX_PDCM		X86_BIT(15)
#define CPUID1_ECX_X2APIC	X86_BIT(21)
#define CPUID1_ECX_TSC_DEADLINE	X86_BIT(24)
#define CPUID1_ECX_XSAVE	X86_BIT(26)
#define CPUID1_ECX_OSXSAVE	X86_BIT(27)
#define CPUID1_ECX_HYPERVISOR	X86_BIT(31)
#define CPUID1_EDX_APIC		X86_BIT(9)
#define CPUID7_EBX_TSC_ADJUST	X86_BIT(1)
#define CPUID7_ECX_OSPKE	X86_BIT(4)
/* the local APIC timer runs in every C-state */
#define CPUID6_EAX_ARAT		X86_BIT(2)
#define CPUID81_ECX_SVM		X86_BIT(2)
#define CPUID81_EDX_PAGE_1G	X86_BIT(26)
#define CPUID81_EDX_RDTSCP	X86_BIT(27)
#define CPUID81_EDX_LM		X86_BIT(29)

#endif
