#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A machine that the host stops in the middle of exits: the recording says so,
# how long, and in which exit, and no report takes it for the core's cost.
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
# Some stops come between two exits, one in six, and a busy host adds pauses of
# its own. A stop in an exit is long before the next record.
facts "$work/busy"
khz=$(fact "$work/busy" tsc_khz)
"$vmprof" script -i "$work/busy.data" > "$work/script"
stopped=$(sed -n 's/.* \([0-9]*\.[0-9]*\): .*/\1 &/p' "$work/script" |
	awk 'marked && $1 - at >= 0.28 { n++ }
	     { at = $1; marked = / reason=io .* cycles=not-known/ }
	     END { print n + 0 }')
echo "# $stopped marked exits are as long as a stop"
check stops-came-in-exits test "$stopped" -ge 1
same all-that-are-found-are-marked "$exits" \
	"$(grep -c ' vmexit: .* cycles=not-known' "$work/script")"
check most-of-their-time-is-proved test "${proved_ms:-0}" -ge \
	$((stopped * 200))
check longest-is-a-stop test "${longest_ms:-0}" -ge 200
at=$(echo "$note" | sed -n 's/.* io at \([0-9.]*\) s; .*/\1/p')
check script-has-that-exit grep -qF " ${at:-never}: vmexit: reason=io " \
	"$work/script"
"$vmprof" report -i "$work/busy.data" > "$work/report"
same report-counts-what-is-marked "$exits" "$(sed -n \
	's/.* exits, \([0-9]*\) with unknown cost; .*/\1/p' "$work/report" |
	head -n 1)"
# max_ms REASON: the longest of its known costs, in ms.
max_ms() {
	"$vmprof" report -i "$work/busy.data" -s reason --format csv |
		awk -F , -v khz="$khz" -v reason="$1" '
			NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
			$1 == reason {
				print int($at["handle_cycles_max"] / khz)
			}'
}
max=$(max_ms io)
echo "# Max of io is ${max:-unknown} ms"
check max-is-not-a-stop test "${max:-9999}" -lt 280
check nothing-left-behind nothing_left
