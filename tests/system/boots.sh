#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The stock kernels of the release and of its backports, many times in a row:
# each boot must reach userspace and end by itself, with nothing that a kernel
# says of its own faults. Only many boots show faults that come at random. Minutes, so that
# make check-long alone runs it; BOOTS=N boots each kernel N times.
. tests/system/lib.sh

boots=${BOOTS:-50}
faults='Oops|BUG:|double fault|Call Trace|WARNING:|Kernel panic|invalid opcode'

# boot: one, of the kernel in $guest; succeeds if it was as it should be.
boot() {
	record_linux boot boot && facts "$work/boot" &&
		[ "$(fact "$work/boot" vm_state)" = off ] &&
		in_userspace boot && ! grep -qE "$faults" "$work/boot.console" &&
		! grep -q 'impossible RFLAGS' "$work/boot.err"
}

# boots_in_a_row NAME: ends at the first that is not, and shows it.
boots_in_a_row() {
	done=0
	while [ $done -lt "$boots" ] && boot; do
		done=$((done + 1))
	done
	same "$1-boots-in-a-row" "$boots" $done
	[ $done -eq "$boots" ] || show boot
}

boots_in_a_row "$(cat "$guest/version")"

guest=$O/guest-backports
if scripts/fetch-kernel --backports "$guest" 2> "$work/err" &&
   scripts/mkinitramfs "$O/tests/guest/hv-tool" "$guest"; then
	boots_in_a_row "$(cat "$guest/version")"
else
	skip backports-kernel-boots-in-a-row "$(tail -n 1 "$work/err")"
fi
check nothing-left-behind nothing_left
