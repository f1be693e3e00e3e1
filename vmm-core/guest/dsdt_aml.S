/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The compiled DSDT, as bytes of the core. build.mk says where it is.
 */
	.section .rodata
	.globl dsdt_aml, dsdt_aml_end
	.balign 8
dsdt_aml:
	.incbin DSDT_AML
dsdt_aml_end:

	.section .note.GNU-stack, "", @progbits
