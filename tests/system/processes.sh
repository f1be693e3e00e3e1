#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The processes that a recording found in the guest's memory are those of the
# guest's own /proc, each with its name, also on a deterministic machine,
# where only the end is looked at.
. tests/system/lib.sh

# now NAME: what the trace has at its end, "pid comm", without the program
# that ends the guest.
now() {
	"$O/tests/system/trace_facts" --processes "$work/$1.data" |
		awk '$4 == "gone" { delete at[$2]; next }
			{ tables = $2; sub(/^[^ ]* [^ ]* /, ""); at[tables] = $0 }
			END { for (tables in at) print at[tables] }' |
		grep -v -e '^0 ' -e ' poweroff$' | sort -n
}

said() {
	sed -n 's/.*vmprof-processes: \([0-9].*[^\r]\)\r*$/\1/p' \
		"$work/$1.console" | sort -n
}

# compare NAME: a recording of mode "processes".
compare() {
	now "$1" > "$work/$1.now"
	said "$1" > "$work/$1.said"
	check "$1-six-and-more-run" test "$(wc -l < "$work/$1.said")" -ge 6
	check "$1-processes-are-those-of-proc" \
		diff "$work/$1.said" "$work/$1.now"
	check "$1-has-the-kernel-s-tables" sh -c \
		"'$O/tests/system/trace_facts' --processes '$work/$1.data' |
		grep -q '^0 0x[0-9a-f]* 0 \[kernel\]$'"
	sed 's/^/# /' "$work/$1.said"
}

# marks NAME: what pid each process has marked, and what its page tables tell.
marks() {
	"$vmprof" script -i "$work/$1.data" --format csv -F pid,name,arg0 |
		awk -F, '$2 == "mark" { print $3, $1 }' | while read -r arg pid; do
		echo "$((arg)) $pid"
	done
}

record_linux live processes
compare live
# in_vmtop: of a running machine, by name.
in_vmtop() {
	"$O/bin/vmtop" -b -n 4 -d 0.5 --format json > "$work/vmtop" 2>&1 &&
		grep -q '"process":"init","pid":1,' "$work/vmtop"
}

record_linux spinning spin &
pids="$pids $!"
until_true 60 in_userspace spinning
check vmtop-names-them until_true 60 in_vmtop
kill -INT "$(recorder_of spinning)"
wait
record_linux exact processes --deterministic
compare exact
marks exact > "$work/marks"
same exact-all-have-marked 5 "$(wc -l < "$work/marks")"
# shellcheck disable=SC2016 # awk's own $
check exact-page-tables-tell-the-pid awk '$1 != $2 { exit 1 }' "$work/marks"
check nothing-left-behind nothing_left
