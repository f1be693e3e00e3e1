#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The round trip of an exit, guest to guest, on the deterministic machine:
# instructions, exactly, of CPUID less the loop around it.
. tests/bench/lib.sh

record cpuid --kernel "$O/tests/guest/cpuid.elf" --deterministic
milli=$(sed -n 's/^cpuid-guest: .* each-milli \([0-9]*\).*/\1/p' \
	"$work/cpuid.console")
[ -n "$milli" ] || give_up "the guest measured nothing"
figure "CPUID exit, guest to guest" "$(ratio "$milli" 1000)" instructions 250
exit "$missed"
