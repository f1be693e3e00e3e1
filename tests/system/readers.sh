#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Readers: with a ring far too small and a reader that sleeps, every record
# is either read or counted as missed; two readers do not disturb each other.
. tests/system/lib.sh

# balanced NAME: written = read + missed, and what the file holds is `read`.
balanced() {
	f=$work/$1
	if ! facts "$f"; then
		not_ok "$1-reads"
		show "$1"
		return
	fi
	written=$(fact "$f" cpu0.written)
	read=$(fact "$f" cpu0.read)
	missed=$(fact "$f" cpu0.missed)
	echo "# $1: written $written, read $read, missed $missed"
	same "$1-written-is-read-and-missed" "$written" $((read + missed))
	same "$1-losses-stand-where-they-happened" "$missed" \
		"$(fact "$f" missed)"
}

record_linux slow spin --ring 16K &
recorder=$!
pids="$pids $recorder"
until_true 60 in_userspace slow || not_ok slow-reaches-userspace
reader=$(recorder_of slow)
for _ in 1 2 3; do
	kill -STOP "$reader"
	sleep 1
	kill -CONT "$reader"
	sleep 0.5
done
kill -INT "$reader"
wait $recorder
same slow-reader-ends-well 0 $?
balanced slow
check slow-reader-missed-some test "$(fact "$work/slow" missed)" -gt 0
check slow-reader-read-some test "$(fact "$work/slow" vmexit)" -gt 100

record_linux first spin --ring 64K &
recorder=$!
pids="$pids $recorder"
until_true 60 in_userspace first || not_ok first-reaches-userspace
timeout 60 "$vmprof" record -o "$work/second.data" --attach m0 \
	--duration 2 > "$work/second.console" 2> "$work/second.err"
same second-reader-ends-well 0 $?
timeout -s INT --preserve-status 3 "$vmprof" record -o "$work/third.data" \
	--attach m0 > "$work/third.console" 2> "$work/third.err"
same interrupted-reader-ends-well 0 $?
check machine-outlives-its-readers kill -0 $recorder
kill -INT "$(recorder_of first)"
wait $recorder
same first-reader-ends-well 0 $?
for name in first second third; do
	balanced $name
	check $name-read-some test "$(fact "$work/$name" vmexit)" -gt 0
done
same first-misses-nothing 0 "$(fact "$work/first" missed)"
check nothing-left-behind nothing_left
