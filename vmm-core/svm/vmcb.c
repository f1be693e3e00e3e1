/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The intercepts: the VMCB's control area, and the permission maps that all
 * VMs share.
 */
#include "vmm-core/svm/svm.h"

#include "vmm-core/lib/string.h"
#include "vmm-core/lib/x86_regs.h"
#include "vmm-core/mm/mm.h"
#include "vmm-core/vcpu/context.h"
#include "vmm-core/vcpu/event.h"

#define IOPM_BYTES	(3 * PAGE_BYTES)
#define MSRPM_BYTES	(2 * PAGE_BYTES)
#define MSRPM_RANGE	0x2000u		/* MSRs in each of its three parts */

/* Two bits an MSR, read and write: 1 exits. Every port exits. */
static u8 iopm[IOPM_BYTES] __aligned(4096);
static u8 msrpm[MSRPM_BYTES] __aligned(4096);

/* State that VMLOAD and VMSAVE carry, or that the guest alone uses. */
static const u32 guest_msrs[] = {
	MSR_SYSENTER_CS, MSR_SYSENTER_ESP, MSR_SYSENTER_EIP,
	MSR_STAR, MSR_LSTAR, MSR_CSTAR, MSR_SFMASK,
	MSR_FS_BASE, MSR_GS_BASE, MSR_KERNEL_GS_BASE, MSR_TSC_AUX,
};

static void msrpm_pass(u32 msr)
{
	u32 part = msr < MSRPM_RANGE ? 0 : msr < 0xc0010000 ? 1 : 2;
	u32 bit = 2 * (part * MSRPM_RANGE + (msr & (MSRPM_RANGE - 1)));

	msrpm[bit / 8] &= (u8)~(3u << (bit % 8));
}

static void permission_maps_init(void)
{
	if (iopm[0])
		return;
	memset(iopm, 0xff, sizeof(iopm));
	memset(msrpm, 0xff, sizeof(msrpm));
	for (size_t i = 0; i < ARRAY_SIZE(guest_msrs); i++)
		msrpm_pass(guest_msrs[i]);
}

/* A dummy virtual interrupt: VINTR exits as soon as one can be taken. */
void svm_windows_set(struct svm_vcpu *svm, u32 windows)
{
	struct vmcb *vmcb = svm->vmcb;

	vmcb->virtual_interrupt = V_INTR_MASKING;
	vmcb->intercept3 &= ~(u32)(INTERCEPT_VINTR | INTERCEPT_IRET);
	if (windows & WINDOW_IRQ) {
		vmcb->virtual_interrupt |= V_IRQ | V_INTR_PRIO_HIGHEST |
					   V_IGN_TPR;
		vmcb->intercept3 |= INTERCEPT_VINTR;
	}
	if (windows & WINDOW_IRET)
		vmcb->intercept3 |= INTERCEPT_IRET;
	svm->windows = windows;
}

void svm_vmcb_init(struct vmcb *vmcb, u64 n_cr3)
{
	permission_maps_init();
	/* CR8 is the local APIC's, CR4 is checked; the rest of CRs and DRs
	 * are the guest's own */
	vmcb->intercept_cr_read = 1u << 8;
	vmcb->intercept_cr_write = 1u << 8 | 1u << 4;
	/* #DB and #AC: a guest could else keep the CPU in exception delivery
	 * for ever, out of our reach */
	vmcb->intercept_exceptions = 1u << VECTOR_DB | 1u << VECTOR_AC;
	vmcb->intercept3 = INTERCEPT_INTR | INTERCEPT_NMI | INTERCEPT_INIT |
			   INTERCEPT_RDPMC | INTERCEPT_CPUID | INTERCEPT_RSM |
			   INTERCEPT_INVD | INTERCEPT_HLT | INTERCEPT_INVLPGA |
			   INTERCEPT_IOIO_PROT | INTERCEPT_MSR_PROT |
			   INTERCEPT_TASK_SWITCH | INTERCEPT_SHUTDOWN;
	vmcb->intercept4 = INTERCEPT_VMRUN | INTERCEPT_VMMCALL |
			   INTERCEPT_VMLOAD | INTERCEPT_VMSAVE |
			   INTERCEPT_STGI | INTERCEPT_CLGI | INTERCEPT_SKINIT |
			   INTERCEPT_WBINVD | INTERCEPT_MONITOR |
			   INTERCEPT_MWAIT | INTERCEPT_MWAIT_CONDITIONAL |
			   INTERCEPT_RDPRU;
	if (xcr0_needs_check())
		vmcb->intercept4 |= INTERCEPT_XSETBV;
	vmcb->iopm_base_pa = hpa(iopm);
	vmcb->msrpm_base_pa = hpa(msrpm);
	vmcb->virtual_interrupt = V_INTR_MASKING;
	vmcb->np_enable = 1;
	vmcb->n_cr3 = n_cr3;
	vmcb->g_pat = PAT_RESET;
}
