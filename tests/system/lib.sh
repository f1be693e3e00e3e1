# SPDX-License-Identifier: BSD-2-Clause
# Shared by system tests: machines in a runtime directory of their own, and
# facts about traces. The stock guest is in $guest, the demo's recording in
# $demo.
# shellcheck shell=sh
. tests/lib.sh
O=${O:-$PWD/build}

vmprof=$O/bin/vmprof
guest=$O/guest
# shellcheck disable=SC2034 # for the tests
demo=$O/check/demo
# shellcheck disable=SC2154 # lib.sh made $work
export VMPROF_RUNDIR="$work/run"

# record NAME ARGS...: console in $work/NAME.console, messages in NAME.err.
record() {
	rec_name=$1
	shift
	# a shell's background jobs ignore Ctrl-C; here they shall not
	timeout 300 env --default-signal=INT "$vmprof" record \
		-o "$work/$rec_name.data" "$@" > "$work/$rec_name.console" \
		2> "$work/$rec_name.err" < /dev/null
}

# record_linux NAME TEST ARGS...: the stock guest with vmprof.test=TEST.
record_linux() {
	rec_name=$1 test=$2
	shift 2
	record "$rec_name" --kernel "$guest/vmlinuz" \
		--initrd "$guest/initramfs.cpio" \
		--append "console=ttyS0 quiet vmprof.test=$test" "$@"
}

facts() {
	"$O/tests/system/trace_facts" "$1.data" > "$1.facts" 2> "$1.bad"
}

# fact FILE KEY: its value, nothing if there is none.
fact() {
	sed -n "s/^$2 //p" "$1.facts"
}

# show NAME: what a failed test should be judged by.
show() {
	for f in "$work/$1.err" "$work/$1.console" "$work/$1.bad"; do
		[ ! -s "$f" ] || tail -n 12 "$f" | sed "s|^|#   |"
	done
}

# same NAME A B: equal and not empty.
same() {
	if [ -n "$2" ] && [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "\"$2\" is not \"$3\""
	fi
}

# No machine of ours runs, and no file of one is left.
nothing_left() {
	left=$(find "$VMPROF_RUNDIR" -mindepth 1 2> /dev/null)
	[ -z "$left" ] || echo "$left" >&2
	[ -z "$left" ]
}

# in_userspace NAME: the recording's Linux guest has got there.
in_userspace() {
	grep -q 'vmprof-demo: userspace' "$work/$1.console"
}

# pid_of COMM TEXT: the process of that name with TEXT in its arguments.
pid_of() {
	pgrep -f -- "$2" | while read -r pid; do
		case $(cat "/proc/$pid/comm" 2> /dev/null) in
		$1*) echo "$pid" ;;
		esac
	done | head -n 1
}

recorder_of() {
	pid_of vmprof "record -o $work/$1.data"
}
