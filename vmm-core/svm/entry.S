/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Into the guest and out again.
 *
 * u64 svm_enter(struct vcpu *vcpu, u64 vmcb_hpa)
 *
 * Loads the GPRs from vcpu->gpr (RAX and RSP are in the VMCB), runs the guest
 * until it exits for something that no fast path completes, stores the GPRs
 * and returns the TSC read first of all after that exit. Call with IF=0;
 * physical interrupts are open in the guest only. FS, GS, LDTR, TR and the
 * syscall MSRs stay the guest's.
 *
 * The fast paths (fast.h) run with GIF=0, so that nothing comes in between,
 * and while RBP and R12 to R15 are still the guest's: C preserves them.
 */
#include "vmm-core/svm/exit_codes.h"

#define GPR(n)	(8 * (n))(%rdi)

	.macro	fast code, function
	cmpl	$\code, VMCB_EXITCODE(%rsi)
	je	.L\function
	.endm

	/* reads only: EXITINFO1 says which it is */
	.macro	fast_read function, whole
.L\function:
	testb	$1, VMCB_EXITINFO1(%rsi)
	\whole	.Lwhole
	fast_call \function
	.endm

	.macro	fast_call function
	call	\function
	test	%rax, %rax
	jz	.Lagain
	jmp	.Lslow
	.endm

	.text
	.globl	svm_enter
	.type	svm_enter, @function
svm_enter:
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	push	%rsi
	push	%rdi

	mov	GPR(5), %rbp
	mov	GPR(12), %r12
	mov	GPR(13), %r13
	mov	GPR(14), %r14
	mov	GPR(15), %r15

	/*
	 * IF=1 with GIF=0: VMRUN takes interrupts as exits, we take none. An
	 * instruction between STI and VMRUN ends the shadow of STI, which
	 * QEMU carries into the guest: there an STI would then have none.
	 */
	clgi
	sti
.Lagain:
	mov	(%rsp), %rdi
	mov	8(%rsp), %rax
	mov	GPR(1), %rcx
	mov	GPR(2), %rdx
	mov	GPR(3), %rbx
	mov	GPR(6), %rsi
	mov	GPR(8), %r8
	mov	GPR(9), %r9
	mov	GPR(10), %r10
	mov	GPR(11), %r11
	mov	GPR(7), %rdi
	vmrun	%rax
	push	%rdx
	rdtsc

	/* the stack is now: guest RDX, vcpu, VMCB */
	xchg	%rdi, 8(%rsp)
	mov	%rcx, GPR(1)
	mov	%rbx, GPR(3)
	mov	%rsi, GPR(6)
	mov	%r8, GPR(8)
	mov	%r9, GPR(9)
	mov	%r10, GPR(10)
	mov	%r11, GPR(11)
	pop	GPR(2)
	pop	GPR(7)
	push	%rdi
	mov	8(%rsp), %rsi
	shl	$32, %rdx
	or	%rax, %rdx

	fast	SVM_VMMCALL, svm_fast_hypercall
	fast	SVM_CPUID, svm_fast_cpuid
	fast	SVM_MSR, svm_fast_msr
	fast	SVM_IOIO, svm_fast_io
.Lwhole:
	mov	%rdx, %rax

	/* RAX is the TSC */
.Lslow:
	cli
	stgi
	pop	%rdi
	pop	%rsi
	mov	%rbp, GPR(5)
	mov	%r12, GPR(12)
	mov	%r13, GPR(13)
	mov	%r14, GPR(14)
	mov	%r15, GPR(15)
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	ret

.Lsvm_fast_hypercall:
	fast_call svm_fast_hypercall
.Lsvm_fast_cpuid:
	fast_call svm_fast_cpuid
	fast_read svm_fast_msr, jnz
	fast_read svm_fast_io, jz
	.size	svm_enter, . - svm_enter
	.section .note.GNU-stack, "", @progbits
