#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The whole cost of vmtop to a host, beside machines that are fake but whose
# rings fill up as real ones do: CPU time of the whole process, printing and in
# the live view; and the memory it takes.
. tests/bench/lib.sh

vmtop=$O/bin/vmtop
export XDG_CONFIG_HOME="$work/config" LC_ALL=C.UTF-8
rounds=5 seconds=4

# machine NAME RATE: until the benchmark ends.
machine() {
	"$O/tests/vmtop/fake_machine" "$1" "$2" 600 > "$work/$1.fake" &
	pids="$pids $!"
	until_true 10 grep -q running "$work/$1.fake" || give_up "no machine $1"
}

machines_end() {
	for pid in $pids; do
		kill "$pid"
		wait "$pid"
	done
	pids=
}

# ticks PID: of CPU time, the kernel's for it included.
ticks() {
	sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'
}

# percent PID: of one core; the median, since others use the host, too.
percent() {
	sleep 1.5
	for round in $(seq $rounds); do
		: "$round"
		from=$(ticks "$1")
		sleep $seconds
		to=$(ticks "$1")
		echo $((to - from))
	done | sort -n | awk -v hz="$(getconf CLK_TCK)" -v s=$seconds \
		'{ t[NR] = $1 }
		END { printf "%.2f", 100 * t[int((NR + 1) / 2)] / hz / s }'
}

in_tmux() {
	tmux -S "$work/tmux" -u -f /dev/null "$@"
}

# live KEYS: the live view after those keys; its process in $view.
live() {
	in_tmux new-session -d -s s -x 120 -y 40 "exec '$vmtop' -d 1"
	sleep 1
	in_tmux send-keys -t s "$1"
	view=$(in_tmux display-message -p -t s '#{pane_pid}')
}

machine m0 1000000
"$vmtop" -b -d 1 > "$work/out" &
figure "vmtop -b, a million events a second" "$(percent $!)" "% of a core" 5
kill $!
wait $!
live 4
figure "vmtop, a million events a second, symbols" "$(percent "$view")" \
	"% of a core" 5
in_tmux kill-server
machines_end

machine m0 0
live 1
figure "vmtop, nothing happens" "$(percent "$view")" "% of a core" 0.5
in_tmux kill-server
machines_end

# what is kept of the past grows for a minute
for i in 1 2 3 4 5 6 7 8; do
	machine "m$i" 20000
done
live 4
sleep 65
figure "vmtop's memory, eight machines" \
	"$(awk '/^RssAnon/ { print $2 / 1024 }' "/proc/$view/status")" MiB 64
in_tmux kill-server
machines_end
exit "$missed"
