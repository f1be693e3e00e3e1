/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SVM as the AMD64 Architecture Programmer's Manual, volume 2, has it:
 * chapter "Secure Virtual Machine", appendices "VMCB Layout" and "SVM
 * Intercept Exit Codes". Names are the manual's; only what is used is here.
 */
#ifndef VMM_CORE_SVM_REGS_H
#define VMM_CORE_SVM_REGS_H

#include "vmm-core/lib/types.h"
#include "vmm-core/lib/x86_regs.h"

/* CPUID Fn8000_000A EDX */
#define CPUID_SVM_NP			BIT(0)
#define CPUID_SVM_FLUSH_BY_ASID		BIT(6)
#define CPUID_SVM_DECODE_ASSISTS	BIT(7)

#define EFER_SVME			BIT(12)
#define MSR_VM_CR			0xc0010114
#define VM_CR_SVMDIS			BIT(4)
#define MSR_VM_HSAVE_PA			0xc0010117

/* Intercept vector 3 (offset 00Ch) */
#define INTERCEPT_INTR			BIT(0)
#define INTERCEPT_NMI			BIT(1)
#define INTERCEPT_INIT			BIT(3)
#define INTERCEPT_VINTR			BIT(4)
#define INTERCEPT_RDPMC			BIT(15)
#define INTERCEPT_CPUID			BIT(18)
#define INTERCEPT_RSM			BIT(19)
#define INTERCEPT_IRET			BIT(20)
#define INTERCEPT_INVD			BIT(22)
#define INTERCEPT_HLT			BIT(24)
#define INTERCEPT_INVLPGA		BIT(26)
#define INTERCEPT_IOIO_PROT		BIT(27)
#define INTERCEPT_MSR_PROT		BIT(28)
#define INTERCEPT_TASK_SWITCH		BIT(29)
#define INTERCEPT_SHUTDOWN		BIT(31)
/* Intercept vector 4 (offset 010h) */
#define INTERCEPT_VMRUN			BIT(0)
#define INTERCEPT_VMMCALL		BIT(1)
#define INTERCEPT_VMLOAD		BIT(2)
#define INTERCEPT_VMSAVE		BIT(3)
#define INTERCEPT_STGI			BIT(4)
#define INTERCEPT_CLGI			BIT(5)
#define INTERCEPT_SKINIT		BIT(6)
#define INTERCEPT_WBINVD		BIT(9)
#define INTERCEPT_MONITOR		BIT(10)
#define INTERCEPT_MWAIT			BIT(11)
#define INTERCEPT_MWAIT_CONDITIONAL	BIT(12)
#define INTERCEPT_XSETBV		BIT(13)
#define INTERCEPT_RDPRU			BIT(14)

#define OPCODE_VMMCALL			0xd9010f

/* TLB_CONTROL (offset 05Ch) */
#define TLB_CONTROL_NONE		0
#define TLB_CONTROL_FLUSH_ALL		1
#define TLB_CONTROL_FLUSH_GUEST		3

/* Virtual interrupt control (offset 060h) */
#define V_IRQ				BIT(8)
#define V_INTR_PRIO_HIGHEST		(15ull << 16)
#define V_IGN_TPR			BIT(20)
#define V_INTR_MASKING			BIT(24)

#define INTERRUPT_SHADOW		BIT(0)

/* EXITINTINFO and EVENTINJ */
#define EVENT_VECTOR			0xffull
#define EVENT_TYPE			(7ull << 8)
#define EVENT_TYPE_INTR			(0ull << 8)
#define EVENT_TYPE_NMI			(2ull << 8)
#define EVENT_TYPE_EXCEPTION		(3ull << 8)
#define EVENT_TYPE_SOFT_INTR		(4ull << 8)
#define EVENT_ERROR_VALID		BIT(11)
#define EVENT_VALID			BIT(31)

/* EXITINFO1 of an IOIO intercept; EXITINFO2 is the next RIP */
#define IOIO_IN				BIT(0)
#define IOIO_STRING			BIT(2)
#define IOIO_REP			BIT(3)
#define IOIO_SIZE_SHIFT			4	/* bits 6:4 are the bytes: 1, 2, 4 */
#define IOIO_PORT_SHIFT			16

/* EXITINFO1 of a nested page fault; EXITINFO2 is the guest-physical address */
#define NPF_WRITE			BIT(1)
#define NPF_FETCH			BIT(4)
#define NPF_WALK			BIT(33)	/* of the guest's page tables */

enum svm_exit_code {
#define SVM_EXIT(code, NAME, neutral) SVM_EXIT_##NAME = (code),
#include "vmm-core/abi/exits_svm.def"
};

struct vmcb_segment {
	u16 selector;
	u16 attributes;
	u32 limit;
	u64 base;
};

struct vmcb {
	/* control area */
	u16 intercept_cr_read, intercept_cr_write;
	u16 intercept_dr_read, intercept_dr_write;
	u32 intercept_exceptions;
	u32 intercept3, intercept4, intercept5;
	u8  reserved_018[0x3c - 0x18];
	u16 pause_filter_threshold, pause_filter_count;
	u64 iopm_base_pa, msrpm_base_pa, tsc_offset;
	u32 guest_asid;
	u8  tlb_control;
	u8  reserved_05d[3];
	u64 virtual_interrupt;
	u64 interrupt_shadow;
	u64 exitcode, exitinfo1, exitinfo2, exitintinfo;
	u64 np_enable;
	u8  reserved_098[0xa8 - 0x98];
	u64 eventinj;
	u64 n_cr3;
	u64 lbr_virtualization;
	u64 clean_bits;
	u64 nrip;
	u8  fetched_bytes;
	u8  fetched[15];
	u8  reserved_0e0[0x400 - 0xe0];

	/* state save area */
	struct vmcb_segment es, cs, ss, ds, fs, gs, gdtr, ldtr, idtr, tr;
	u8  reserved_4a0[0x4cb - 0x4a0];
	u8  cpl;
	u32 reserved_4cc;
	u64 efer;
	u8  reserved_4d8[0x548 - 0x4d8];
	u64 cr4, cr3, cr0, dr7, dr6, rflags, rip;
	u8  reserved_580[0x5d8 - 0x580];
	u64 rsp;
	u8  reserved_5e0[0x5f8 - 0x5e0];
	u64 rax, star, lstar, cstar, sfmask, kernel_gs_base;
	u64 sysenter_cs, sysenter_esp, sysenter_eip, cr2;
	u8  reserved_648[0x668 - 0x648];
	u64 g_pat, dbgctl, br_from, br_to, lastexcpfrom, lastexcpto;
	u8  reserved_698[0x1000 - 0x698];
};
ABI_SIZE(struct vmcb, 4096);
ABI_OFFSET(struct vmcb, pause_filter_threshold, 0x3c);
ABI_OFFSET(struct vmcb, guest_asid, 0x58);
ABI_OFFSET(struct vmcb, exitcode, 0x70);
ABI_OFFSET(struct vmcb, eventinj, 0xa8);
ABI_OFFSET(struct vmcb, nrip, 0xc8);
ABI_OFFSET(struct vmcb, es, 0x400);
ABI_OFFSET(struct vmcb, cpl, 0x4cb);
ABI_OFFSET(struct vmcb, efer, 0x4d0);
ABI_OFFSET(struct vmcb, cr4, 0x548);
ABI_OFFSET(struct vmcb, rip, 0x578);
ABI_OFFSET(struct vmcb, rsp, 0x5d8);
ABI_OFFSET(struct vmcb, rax, 0x5f8);
ABI_OFFSET(struct vmcb, cr2, 0x640);
ABI_OFFSET(struct vmcb, g_pat, 0x668);

#endif
