# SPDX-License-Identifier: BSD-2-Clause
# Machines that come and go, and live views of them in tmux: one at a time.
# shellcheck shell=sh
. tests/vmtop/lib.sh

# shellcheck disable=SC2154 # lib.sh made $work
export XDG_CONFIG_HOME="$work/config"

# start [-w] NAME RATE SECONDS [SLOTS]: a machine; its process in $machine.
start() {
	wait=
	if [ "$1" = -w ]; then
		wait=-w
		shift
	fi
	# the one before left its words in the file
	rm -f "$work/$1.fake"
	"$fake" $wait "$@" > "$work/$1.fake" &
	machine=$!
	pids="$pids $machine"
	until_true 10 grep -q running "$work/$1.fake"
}

stop() {
	kill "$1"
	wait "$1"
}

views=0
in_tmux() {
	LC_ALL=C.UTF-8 tmux -S "$work/tmux$views" -u -f /dev/null "$@"
}

# Prints what the live view shows now.
screen_has() {
	in_tmux capture-pane -p -t s > "$work/out"
	grep -q -e "$1" "$work/out"
}

# shows NAME TEXT: within ten seconds.
shows() {
	if until_true 10 screen_has "$2"; then
		ok "$1"
	else
		not_ok "$1" "no \"$2\" on the screen"
	fi
}

# view_of PROGRAM OPTIONS...: in $work/here, which is empty at first.
view_of() {
	# a server that is about to go would take this one along
	views=$((views + 1))
	rm -rf "$work/here"
	mkdir "$work/here"
	# tmux itself now and then never learns how a pane's program ended
	# shellcheck disable=SC2016 # the inner shell's own
	in_tmux new-session -d -s s -x 100 -y "${VIEW_LINES:-24}" -c "$work/here" \
		sh -c '"$@"; echo "it ended: $?"; exec sleep 60' sh "$@"
	pids="$pids $(in_tmux display-message -p '#{pid}')"
}

view() {
	view_of "$vmtop" "$@"
}

view_end() {
	in_tmux kill-server
}
