/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the other CPUs begin: copied to TRAMPOLINE_HPA, entered in real
 * mode with CS at its start. Only as long as it takes to leave that mode;
 * the rest of the way is the first CPU's (boot/start.S).
 */
#include "vmm-core/boot/start.h"
#include "vmm-core/lib/x86_regs.h"

/* where a label is in the copy: absolute, and from CS */
#define COPIED(label)	(TRAMPOLINE_HPA + (label) - trampoline_start)
#define IN_CS(label)	((label) - trampoline_start)

	.section .rodata
	.code16
	.globl	trampoline_start, trampoline_end
trampoline_start:
	cli
	cld
	mov	%cs, %ax
	mov	%ax, %ds
	lgdtl	IN_CS(gdt_pointer)
	mov	%cr0, %eax
	or	$CR0_PE, %al
	mov	%eax, %cr0
	ljmpl	$SEL_CODE32, $COPIED(protected)

	.code32
protected:
	mov	$SEL_DATA, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	/* absolute: a relative jump would be from the wrong place */
	mov	$boot_start_ap, %eax
	jmp	*%eax

	.balign	4
gdt_pointer:
	.word	SEL_TSS - 1
	.long	boot_gdt
trampoline_end:
	.section .note.GNU-stack, "", @progbits
