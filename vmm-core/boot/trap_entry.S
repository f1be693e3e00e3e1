/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exceptions and interrupts into C: trap_handle(struct trap_frame *).
 *
 * No gate changes the stack: TR belongs to the guest between exits, so no
 * TSS can be relied on, and this_cpu() needs the CPU's own stack. FS and GS
 * are the guest's as well and stay untouched.
 */
#include "vmm-core/boot/traps.h"

/* #DF #TS #NP #SS #GP #PF #AC #CP push an error code */
#define ERROR_CODE_VECTORS	0x00227d00

	.text
	.balign	TRAP_STUB_BYTES
	.globl	trap_stubs
trap_stubs:
	.set	vector, 0
	.rept	256
	.balign	TRAP_STUB_BYTES
	.if	vector >= 32
	push	$0
	.elseif	!((ERROR_CODE_VECTORS >> vector) & 1)
	push	$0
	.endif
	push	$vector
	jmp	trap_common
	.set	vector, vector + 1
	.endr

trap_common:
	push	%rax
	push	%rcx
	push	%rdx
	push	%rbx
	push	%rbp
	push	%rsi
	push	%rdi
	push	%r8
	push	%r9
	push	%r10
	push	%r11
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	cld
	mov	%rsp, %rdi
	call	trap_handle
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%r11
	pop	%r10
	pop	%r9
	pop	%r8
	pop	%rdi
	pop	%rsi
	pop	%rbp
	pop	%rbx
	pop	%rdx
	pop	%rcx
	pop	%rax
	add	$16, %rsp
	iretq
	.section .note.GNU-stack, "", @progbits
