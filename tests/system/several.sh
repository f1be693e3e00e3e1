#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Machines side by side do not mix: each recording has its own guest's exits
# only, and --attach takes the one that is named.
. tests/system/lib.sh

at_once=
for name in one two; do
	record_linux $name spin &
	pids="$pids $!"
done
until_true 60 in_userspace one && until_true 60 in_userspace two
fails attach-to-nobody 1 'nobody' "$vmprof" record -o "$work/x.data" \
	--attach nobody --duration 1
check attach-by-name timeout 60 "$vmprof" record -o "$work/m1.data" \
	--attach m1 --duration 1

# One directory, the default name: the second and third are refused, and no
# recording is ever lost.
mkdir "$work/here"
attach_here() {
	cd "$work/here" && timeout 60 "$vmprof" record --attach m1 \
		--duration "$2" > /dev/null 2> "$work/$1.said"
	echo $? > "$work/$1.status"
}
for n in 1 2 3; do
	attach_here at-once-$n 2 &
	at_once="$at_once $!"
done
# shellcheck disable=SC2086 # words
wait $at_once
same one-of-three-at-once-records "0 1 1" \
	"$(cat "$work"/at-once-?.status | sort | tr '\n' ' ' | sed 's/ $//')"
same two-of-three-at-once-are-refused 2 "$(cat "$work"/at-once-?.said |
	grep -c 'vmprof.data: another recording .* with -o')"
same three-at-once-make-one-file vmprof.data "$(ls "$work/here")"
check three-at-once-leave-a-whole-trace facts "$work/here/vmprof"
first=$(cksum < "$work/here/vmprof.data")
attach_here killed 60 &
until_true 20 test -s "$work/here/vmprof.data.old" -a \
	-s "$work/here/vmprof.data"
kill -9 "$(pid_of vmprof "record --attach m1 --duration 60")"
wait $!
attach_here after 1
same recording-after-a-killed-one 0 "$(cat "$work/after.status")"
check kept-recording-is-named grep -q \
	'the recording that was vmprof.data is vmprof.data.old2 now' \
	"$work/after.said"
same earlier-recording-is-kept "$first" \
	"$(cksum < "$work/here/vmprof.data.old")"
check killed-recording-reads "$vmprof" info -i "$work/here/vmprof.data.old2"
check recording-after-reads facts "$work/here/vmprof"

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
