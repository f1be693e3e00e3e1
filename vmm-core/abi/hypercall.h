/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls that a guest may make to the core.
 *
 * CPUID 0x40000000 answers with HV_SIGNATURE in EBX, ECX, EDX. A hypercall
 * is VMCALL (VMX) or VMMCALL (SVM) with the number in RAX and arguments in
 * RBX, RCX, RDX and RSI; the result comes back in RAX. Ours may be called at
 * any CPL; numbers below HC_BASE are KVM's, which the kernel alone may call.
 */
#ifndef VMM_CORE_ABI_HYPERCALL_H
#define VMM_CORE_ABI_HYPERCALL_H

#define HV_CPUID_BASE		0x40000000
#define HV_SIGNATURE		"VMprofVMprof"
/* leaf 0x40000001: EAX = ANCHOR_VERSION */

/* KVM's own leaf, so that stock kernels use their paravirtual clock */
#define HV_CPUID_KVM_BASE	0x40000100
#define HV_KVM_SIGNATURE	"KVMKVMKVM\0\0\0"

#define HC_BASE			0x564d5000	/* "VMP" */
#define HC_NOP			(HC_BASE + 0)	/* returns 0 */
/* a mark in the trace: arguments are recorded, nothing else happens */
#define HC_MARK			(HC_BASE + 1)
/* stop this VM as if it had powered off; RBX is for the record */
#define HC_STOP			(HC_BASE + 2)

/* results: 0 or more, or a negated errno as KVM gives them */
#define HC_ENOSYS		(-1000ll)	/* KVM_ENOSYS */
#define HC_EPERM		(-1ll)

#endif
