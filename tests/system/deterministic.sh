#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# --deterministic twice gives the same trace body, byte for byte, whatever
# the host does meanwhile: each pair runs side by side.
. tests/system/lib.sh

header_bytes() {
	od -A n -t u4 -j 12 -N 4 "$1" | tr -d ' '
}

bodies_equal() {
	skip=$(header_bytes "$1.data")
	[ "$(wc -c < "$1.data")" -gt "$skip" ] &&
		cmp -i "$skip" "$1.data" "$2.data"
}

# pair NAME COMMAND ARGS...: COMMAND takes the recording's name before ARGS.
pair() {
	name=$1 command=$2
	shift 2
	"$command" "$name-a" "$@" &
	first=$!
	"$command" "$name-b" "$@"
	second=$?
	wait $first
	first=$?
	if [ "$first$second" != 00 ]; then
		not_ok "$name" "status $first and $second"
		show "$name-a"
		return
	fi
	check "$name" bodies_equal "$work/$name-a" "$work/$name-b"
	facts "$work/$name-a"
	same "$name-misses-nothing" 0 "$(fact "$work/$name-a" cpu0.missed)"
	echo "# $(fact "$work/$name-a" vmexit) exits," \
		"$(wc -c < "$work/$name-a.data") bytes"
}

pair cpuid-guest record --kernel "$O/tests/guest/cpuid.elf" --deterministic
pair timer-guest record --kernel "$O/tests/guest/timer.elf" --deterministic
# boots, resolves symbols, and is stopped by the machine's own clock
pair linux-for-a-while record_linux spin --deterministic --duration 2
check linux-processes-are-in-it \
	test "$(fact "$work/linux-for-a-while-a" process_changes)" -gt 1
check linux-reached-userspace grep 'vmprof-demo: userspace' \
	"$work/linux-for-a-while-a.console"
same linux-console-equal "$(sha256sum < "$work/linux-for-a-while-a.console")" \
	"$(sha256sum < "$work/linux-for-a-while-b.console")"
check nothing-left-behind nothing_left
