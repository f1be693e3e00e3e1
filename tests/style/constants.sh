#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A bit or number of a manual is defined once in the core: two definitions
# part, and nobody notices.
. tests/lib.sh

# twice DIR: the manuals' names that more than one #define there has.
twice() {
	grep -rhoE --include='*.[chS]' \
		'^#define[ 	]+(CR[0348]|XCR0|DR[67]|EFER|RFLAGS|MSR|CPUID[0-9]*|PTE|NPT|VECTOR|APIC|LVT|SVR|ESR|ICR|UART|IER|IIR|FCR|LCR|MCR|LSR|PAT)_[A-Z0-9_]+' "$1" |
		awk '{ print $2 }' | sort | uniq -d
}

check each-once test -z "$(twice vmm-core)"

mkdir -p "$work/core/lib" "$work/core/svm"
echo '#define CR0_PG		BIT(31)' > "$work/core/lib/x86_regs.h"
check alone-is-fine test -z "$(twice "$work/core")"
echo '#define CR0_PG	0x80000000' > "$work/core/svm/npt.c"
check second-is-found test CR0_PG = "$(twice "$work/core")"
