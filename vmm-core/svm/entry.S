/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Into the guest and out again.
 *
 * u64 svm_enter(struct vcpu *vcpu, u64 vmcb_hpa)
 *
 * Loads the GPRs from vcpu->gpr (RAX and RSP are in the VMCB), runs the guest
 * until it exits, stores the GPRs and returns the TSC read first of all
 * after the exit. Call with IF=0; physical interrupts are open in the guest
 * only. FS, GS, LDTR, TR and the syscall MSRs stay the guest's.
 */
#define GPR(n)	(8 * (n))(%rdi)

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
	push	%rdi

	mov	%rsi, %rax
	mov	GPR(1), %rcx
	mov	GPR(2), %rdx
	mov	GPR(3), %rbx
	mov	GPR(5), %rbp
	mov	GPR(6), %rsi
	mov	GPR(8), %r8
	mov	GPR(9), %r9
	mov	GPR(10), %r10
	mov	GPR(11), %r11
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
	mov	GPR(7), %rdi
	vmrun	%rax
	push	%rdx
	rdtsc
	cli
	stgi

	/* the stack is now: guest RDX, vcpu */
	xchg	%rdi, 8(%rsp)
	mov	%rcx, GPR(1)
	mov	%rbx, GPR(3)
	mov	%rbp, GPR(5)
	mov	%rsi, GPR(6)
	mov	%r8, GPR(8)
	mov	%r9, GPR(9)
	mov	%r10, GPR(10)
	mov	%r11, GPR(11)
	mov	%r12, GPR(12)
	mov	%r13, GPR(13)
	mov	%r14, GPR(14)
	mov	%r15, GPR(15)
	pop	GPR(2)
	pop	GPR(7)

	shl	$32, %rdx
	or	%rdx, %rax
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	ret
	.size	svm_enter, . - svm_enter
	.section .note.GNU-stack, "", @progbits
