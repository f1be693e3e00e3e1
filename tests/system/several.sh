#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Machines side by side do not mix: each recording has its own guest's exits
# only, and --attach takes the one that is named.
. tests/system/lib.sh

for name in one two; do
	record_linux $name spin &
	pids="$pids $!"
done
until_true 60 in_userspace one && until_true 60 in_userspace two
fails attach-to-nobody 1 'nobody' "$vmprof" record -o "$work/x.data" \
	--attach nobody --duration 1
check attach-by-name timeout 60 "$vmprof" record -o "$work/m1.data" \
	--attach m1 --duration 1
record third --kernel "$O/tests/guest/cpuid.elf"
facts "$work/third"
same third-has-its-own-exits 10001 "$(fact "$work/third" reason.cpuid)"
for name in one two; do
	kill -INT "$(recorder_of $name)"
done
wait
for name in one two; do
	check "$name-reads" facts "$work/$name"
	same "$name-has-all-exits" "$(fact "$work/$name" core.vmexit)" \
		"$(fact "$work/$name" vmexit)"
done
check nothing-left-behind nothing_left
