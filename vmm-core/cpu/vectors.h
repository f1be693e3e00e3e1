/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The physical interrupts' vectors.
 */
#ifndef VMM_CORE_CPU_VECTORS_H
#define VMM_CORE_CPU_VECTORS_H

/* the masked legacy controllers' spurious interrupts: 0x20 to 0x2f */
#define VECTOR_PIC		0x20
#define VECTOR_PIC_LAST		0x2f
/* ISA lines that somebody has opened */
#define VECTOR_ISA		0x30
#define VECTOR_ISA_LAST		0x3f
#define VECTOR_TIMER		0xf0
#define VECTOR_KICK		0xf1
#define VECTOR_SPURIOUS		0xff

#endif
