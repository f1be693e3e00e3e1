/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Start of a further CPU: copied to a page below 1 MiB, entered in real mode
 * with CS at its beginning, on to ap_main() in 64-bit mode.
 */
#define CR0_PE	1

	.section .rodata
	.global ap_trampoline, ap_trampoline_end
	.code16
ap_trampoline:
	cli
	lgdtl %cs:gdt_pointer - ap_trampoline
	movl %cr0, %eax
	orl $CR0_PE, %eax
	movl %eax, %cr0
	ljmpl $24, $ap_start
gdt_pointer:
	.word 31
	.long guest_gdt
ap_trampoline_end:

	.text
	.code32
ap_start:
	movl $16, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %ss
	movl $ap_stack_top, %esp
	movl $ap_call, %esi
	jmp guest_long_mode

	.code64
ap_call:
	call ap_main
	ud2

	.bss
	.align 16
	.skip 4096
ap_stack_top:

	.section .note.GNU-stack, "", @progbits
