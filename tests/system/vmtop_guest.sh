#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# vmtop beside a stock Linux guest names the functions that exit, printing and
# in the live view: the same that the recording of that time has.
. tests/system/lib.sh

vmtop=$O/bin/vmtop
export XDG_CONFIG_HOME="$work/config" LC_ALL=C.UTF-8

in_tmux() {
	tmux -S "$work/tmux" -u -f /dev/null "$@"
}

# The functions of the kernel that vmtop printed.
names_printed() {
	python3 -c '
import json, sys
for line in open(sys.argv[1]):
    for row in json.loads(line)["symbols"]:
        if not row["sym"].startswith(("[", "0x")):
            print(row["sym"])' "$work/json" | sort -u
}

# One of them is on the screen.
name_is_shown() {
	in_tmux capture-pane -p -t s > "$work/screen"
	grep -qwFf "$work/names" "$work/screen"
}

record_linux g spin --name g &
pids="$pids $!"
recorded=$!
until_true 300 in_userspace g
check guest-runs in_userspace g
"$vmtop" -b -n 4 -d 0.5 --format json g > "$work/json" 2> "$work/g.err"
names_printed > "$work/names"
echo "# functions that vmtop named: $(wc -l < "$work/names")"
check prints-functions test "$(wc -l < "$work/names")" -ge 3
in_tmux new-session -d -s s -x 100 -y 40 "exec '$vmtop' g"
in_tmux send-keys -t s 4
check shows-functions until_true 10 name_is_shown
in_tmux kill-server
kill -INT "$(recorder_of g)"
wait $recorded
"$vmprof" report --sort sym --format csv -i "$work/g.data" > "$work/report" \
	2> "$work/g.err"
grep -owFf "$work/names" "$work/report" | sort -u > "$work/both"
check recording-has-some test -s "$work/both"
check recording-has-them-all cmp "$work/names" "$work/both"
show g
check nothing-left-behind nothing_left
