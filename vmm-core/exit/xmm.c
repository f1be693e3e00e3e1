/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The instructions that a register's number cannot be given to.
 */
#include "vmm-core/exit/xmm.h"

#define EACH_XMM							\
	XMM(0) XMM(1) XMM(2) XMM(3) XMM(4) XMM(5) XMM(6) XMM(7)		\
	XMM(8) XMM(9) XMM(10) XMM(11) XMM(12) XMM(13) XMM(14) XMM(15)

void xmm_read(u8 reg, union insn_value *value)
{
	switch (reg) {
#define XMM(n)	case n: asm volatile("movdqu %%xmm" #n ", %0"		\
				     : "=m"(*value)); break;
	EACH_XMM
#undef XMM
	}
}

void xmm_write(u8 reg, const union insn_value *value)
{
	switch (reg) {
#define XMM(n)	case n: asm volatile("movdqu %0, %%xmm" #n		\
				     : : "m"(*value)); break;
	EACH_XMM
#undef XMM
	}
}
