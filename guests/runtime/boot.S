/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Start of every small guest: multiboot1 and PVH hand over in 32-bit
 * protected mode without paging; guest_main() runs in 64-bit mode, the first
 * 4 GiB mapped one to one, interrupts off, one stack.
 */
#define MULTIBOOT_MAGIC	0x1badb002
#define XEN_ELFNOTE_PHYS32_ENTRY 18
#define CR4_PAE		(1 << 5)
#define CR0_PG		(1 << 31)
#define MSR_EFER	0xc0000080
#define EFER_LME	(1 << 8)
#define PAGE_TABLE	0x3		/* present, writable */
#define PAGE_LARGE	0x83		/* and 2 MiB large */

	.section .multiboot, "a"
	.align 4
	.long MULTIBOOT_MAGIC, 0, -MULTIBOOT_MAGIC

	/* 8 bytes: QEMU reads as many, also of a 32-bit ELF */
	.section .note.Xen, "a", @note
	.align 4
	.long 4, 8, XEN_ELFNOTE_PHYS32_ENTRY
	.asciz "Xen"
	.quad pvh_start

	.text
	.code32
pvh_start:
	movl %ebx, guest_pvh_info
	jmp start
	.global _start
_start:
	movl %ebx, guest_multiboot_info
start:
	movl $stack_top, %esp
	movl $pdpt + PAGE_TABLE, pml4
	movl $pd + PAGE_TABLE, pdpt
	movl $pd + 0x1000 + PAGE_TABLE, pdpt + 8
	movl $pd + 0x2000 + PAGE_TABLE, pdpt + 16
	movl $pd + 0x3000 + PAGE_TABLE, pdpt + 24
	movl $PAGE_LARGE, %eax
	movl $pd, %edi
1:	movl %eax, (%edi)
	addl $8, %edi
	addl $0x200000, %eax
	cmpl $pd + 0x4000, %edi
	jne 1b
	movl $first_cpu, %esi

/* For any CPU: %esp is its stack, %esi where it goes on in 64-bit mode. */
	.global guest_long_mode
guest_long_mode:
	movl $pml4, %eax
	movl %eax, %cr3
	movl %cr4, %eax
	orl $CR4_PAE, %eax
	movl %eax, %cr4
	movl $MSR_EFER, %ecx
	rdmsr
	orl $EFER_LME, %eax
	wrmsr
	movl %cr0, %eax
	orl $CR0_PG, %eax
	movl %eax, %cr0
	lgdt gdt_pointer
	ljmp $8, $start64

	.code64
start64:
	movl $16, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %ss
	/* upper halves are undefined after the switch */
	movl %esp, %esp
	movl %esi, %esi
	jmp *%rsi

first_cpu:
	call guest_main
	call guest_stop

	.data
	.align 8
	.global guest_gdt		/* of 32 bytes */
guest_gdt:
	.quad 0
	.quad 0x00af9b000000ffff	/* 8: 64-bit code */
	.quad 0x00cf93000000ffff	/* 16: data */
	.quad 0x00cf9b000000ffff	/* 24: 32-bit code */
gdt_pointer:
	.word gdt_pointer - guest_gdt - 1
	.long guest_gdt

	.bss
	.global guest_multiboot_info, guest_pvh_info
guest_multiboot_info:
	.skip 4
guest_pvh_info:
	.skip 4
	.align 4096
pml4:	.skip 4096
pdpt:	.skip 4096
pd:	.skip 4 * 4096
	.skip 16384
stack_top:

	.section .note.GNU-stack, "", @progbits
