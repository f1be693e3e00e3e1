/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The part of the VMCB by which entry.S finds the fast path of an exit; fast.c
 * compares it with regs.h.
 */
#ifndef VMM_CORE_SVM_EXIT_CODES_H
#define VMM_CORE_SVM_EXIT_CODES_H

#define VMCB_EXITCODE	0x70
/* bit 0: an MSR is written, a port is read */
#define VMCB_EXITINFO1	0x78

#define SVM_CPUID	0x72
#define SVM_IOIO	0x7b
#define SVM_MSR		0x7c
#define SVM_VMMCALL	0x81

#endif
