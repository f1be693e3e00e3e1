/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bits of CR3 that tell address spaces apart.
 */
#ifndef TRACER_SYMBOL_GUEST_CR3_H
#define TRACER_SYMBOL_GUEST_CR3_H

/* Where the page tables are. */
#define GUEST_CR3_TABLE		0x000ffffffffff000ull
/* Isolation keeps a pair of tables; code of user mode runs on the odd one. */
#define GUEST_CR3_USER_TABLE	0x1000ull

#endif
