/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the boot loader's 32-bit world to C in long mode.
 *
 * All CPUs pass through enter_long_mode: the first one from boot_start, the
 * others from boot/trampoline.S through boot_start_ap. The page table made
 * here maps the first 4 GiB in 2 MiB pages; mm/paging.c goes on from there.
 */
#include "vmm-core/boot/start.h"
#include "vmm-core/lib/x86_regs.h"

#define MULTIBOOT_HEADER_MAGIC	0x1badb002
#define MULTIBOOT_PAGE_ALIGN	1
#define MULTIBOOT_MEMORY_INFO	2
#define HEADER_FLAGS		(MULTIBOOT_PAGE_ALIGN | MULTIBOOT_MEMORY_INFO)

#define CR0_LONG_MODE		(CR0_PE | CR0_MP | CR0_ET | CR0_NE | CR0_WP | \
				 CR0_PG)
#define ENTRY_TABLE		(PTE_PRESENT | PTE_WRITE)
#define ENTRY_LARGE		(PTE_PRESENT | PTE_WRITE | PTE_LARGE)
#define EARLY_LARGE_PAGES	2048

#define STACK_BYTES		16384	/* CPU_STACK_BYTES */
#define COM1_DATA		0x3f8
#define COM2_DATA		0x2f8

	.section .multiboot, "a"
	.balign	4
	.long	MULTIBOOT_HEADER_MAGIC
	.long	HEADER_FLAGS
	.long	-(MULTIBOOT_HEADER_MAGIC + HEADER_FLAGS)

	.text
	.code32
	.globl	boot_start
boot_start:
	cli
	cld
	/* main(magic, info) */
	mov	%eax, %edi
	mov	%ebx, %esi
	mov	$boot_stack + STACK_BYTES, %esp

	mov	$0x80000000, %eax
	cpuid
	cmp	$0x80000001, %eax
	jb	no_long_mode
	mov	$0x80000001, %eax
	cpuid
	test	$CPUID81_EDX_LM, %edx
	jz	no_long_mode

	/* the four tables of large pages lie behind one another */
	xor	%ecx, %ecx
	mov	$ENTRY_LARGE, %eax
1:	mov	%eax, early_pds(, %ecx, 8)
	add	$0x200000, %eax
	inc	%ecx
	cmp	$EARLY_LARGE_PAGES, %ecx
	jb	1b
	movl	$early_pds + 0x0000 + ENTRY_TABLE, early_pdpt
	movl	$early_pds + 0x1000 + ENTRY_TABLE, early_pdpt + 8
	movl	$early_pds + 0x2000 + ENTRY_TABLE, early_pdpt + 16
	movl	$early_pds + 0x3000 + ENTRY_TABLE, early_pdpt + 24
	movl	$early_pdpt + ENTRY_TABLE, early_pml4

	mov	$boot_first, %ebp
	jmp	enter_long_mode

	/* The trampoline jumps here: flat 32-bit segments, nothing else. */
	.globl	boot_start_ap
boot_start_ap:
	mov	$boot_another, %ebp

	/* goes on at EBP; keeps EDI, ESI and ESP */
enter_long_mode:
	mov	$CR4_PAE, %eax
	mov	%eax, %cr4
	mov	$early_pml4, %eax
	mov	%eax, %cr3
	mov	$MSR_EFER, %ecx
	rdmsr
	or	$EFER_LME, %eax
	wrmsr
	mov	$CR0_LONG_MODE, %eax
	mov	%eax, %cr0
	lgdt	boot_gdt_pointer
	ljmp	$SEL_CODE64, $1f

	.code64
1:	mov	$SEL_DATA, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	xor	%eax, %eax
	mov	%eax, %fs
	mov	%eax, %gs
	/* upper halves are undefined after the mode switch */
	mov	%ebp, %eax
	xor	%ebp, %ebp
	jmp	*%rax

boot_first:
	mov	%esp, %esp
	mov	%edi, %edi
	mov	%esi, %esi
	call	core_main
	ud2

boot_another:
	mov	boot_ap_stack, %rsp
	mov	boot_ap_cpu, %rdi
	call	cpu_main
	ud2

	/* 64-bit C cannot say this. The ports are as firmware left them. */
	.code32
no_long_mode:
	mov	$no_long_mode_text, %esi
1:	lodsb
	test	%al, %al
	jz	2f
	mov	$COM1_DATA, %edx
	out	%al, %dx
	mov	$COM2_DATA, %edx
	out	%al, %dx
	jmp	1b
2:	cli
	hlt
	jmp	2b

	.section .rodata
no_long_mode_text:
	.asciz	"vmm-core: cannot start: this CPU has no 64-bit mode\r\n"

	.data
	.balign	8
	.globl	boot_gdt
boot_gdt:
	.quad	0
	.quad	0x00af9b000000ffff	/* SEL_CODE64 */
	.quad	0x00cf93000000ffff	/* SEL_DATA */
	.quad	0x00cf9b000000ffff	/* SEL_CODE32 */
	.fill	2 * BOOT_CPUS_MAX, 8, 0	/* SEL_TSS and on */
boot_gdt_end:
	.globl	boot_gdt_pointer
boot_gdt_pointer:
	.word	boot_gdt_end - boot_gdt - 1
	.long	boot_gdt
	.long	0
	.balign	8
	/* set for each further CPU before it is started */
	.globl	boot_ap_stack, boot_ap_cpu
boot_ap_stack:
	.quad	0
boot_ap_cpu:
	.quad	0

	.bss
	.balign	STACK_BYTES
	.globl	boot_stack
boot_stack:
	.skip	STACK_BYTES
early_pml4:
	.skip	4096
early_pdpt:
	.skip	4096
early_pds:
	.skip	4 * 4096
	.section .note.GNU-stack, "", @progbits
