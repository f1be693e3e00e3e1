#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A machine that the host stops in the middle of exits: the recording says so,
# how long, and in which exit, so that nobody takes it for the core's cost.
. tests/system/lib.sh

stops=6 stop_s=0.3

record busy --kernel "$O/tests/guest/busy.elf" &
recording=$!
until_true 60 recorder_of busy
until_true 60 test -e "$VMPROF_RUNDIR/m0/qemu.pid"
qemu=$(cat "$VMPROF_RUNDIR/m0/qemu.pid")
sleep 1
i=0
while [ $i -lt $stops ]; do
	kill -STOP "$qemu"
	sleep $stop_s
	kill -CONT "$qemu"
	sleep 0.2
	i=$((i + 1))
done
wait $recording
same recording-ends-well 0 $?
note=$(grep 'host did not run the machine' "$work/busy.err")
echo "# $note"

# number WORDS-BEFORE: the number behind them in the note, in thousandths.
number() {
	echo "$note" | sed -n "s/.*$1\([0-9]*\)\.\([0-9]\{3\}\).*/\1\2/p" |
		sed 's/^0*//'
}

exits=$(echo "$note" | sed -n 's/.*: \([0-9]*\) exits hold .*/\1/p')
proved_ms=$(number "exits hold ")
longest_ms=$(number "the longest, ")
# The trace has exits as long as a stop. Some stops come between two
# exits, one in six, and a busy host adds pauses of its own.
facts "$work/busy"
"$vmprof" script -i "$work/busy.data" > "$work/script"
stopped=$(sed -n 's/.* reason=io .* cycles=\([0-9]*\) .*/\1/p' "$work/script" |
	awk -v khz="$(fact "$work/busy" tsc_khz)" \
		'$1 >= khz * 280 { n++ } END { print n + 0 }')
echo "# $stopped exits of the trace are as long as a stop"
check stops-came-in-exits test "$stopped" -ge 1
check all-of-them-are-found test "${exits:-0}" -ge "$stopped"
check most-of-their-time-is-proved test "${proved_ms:-0}" -ge \
	$((stopped * 200))
check longest-is-a-stop test "${longest_ms:-0}" -ge 200
at=$(echo "$note" | sed -n 's/.* io at \([0-9.]*\) s .*/\1/p')
check script-has-that-exit grep -qF " ${at:-never}: vmexit: reason=io " \
	"$work/script"
check nothing-left-behind nothing_left
