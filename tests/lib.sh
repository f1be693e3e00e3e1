# SPDX-License-Identifier: BSD-2-Clause
# Shared by test scripts. A test says ok, not_ok or skip once, by name.
# shellcheck shell=sh

work=$(mktemp -d "${TMPDIR:-/tmp}/vmprof-test.XXXXXX") || exit 1
pids=

finish() {
	for pid in $pids; do
		kill -9 "$pid" 2> /dev/null
	done
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

ok() {
	echo "ok $1"
}

# not_ok NAME [WHY...]: then what the commands last said.
not_ok() {
	echo "not ok $1"
	shift
	[ $# -eq 0 ] || echo "# $*"
	for f in "$work/out" "$work/err"; do
		[ ! -s "$f" ] || tail -n 15 "$f" | sed 's/^/#   /'
	done
}

# skip NAME REASON...
skip() {
	test_name=$1
	shift
	echo "skip $test_name # $*"
}

# check NAME COMMAND...: ok if it succeeds.
check() {
	test_name=$1
	shift
	if "$@" > "$work/out" 2> "$work/err"; then
		ok "$test_name"
	else
		not_ok "$test_name" "status $?: $*"
	fi
}

# fails NAME STATUS TEXT COMMAND...: ends with STATUS and says TEXT on stderr.
fails() {
	test_name=$1 status=$2 text=$3
	shift 3
	timeout 60 "$@" > "$work/out" 2> "$work/err"
	got=$?
	if [ "$got" -ne "$status" ]; then
		not_ok "$test_name" "status $got, not $status: $*"
	elif ! grep -q -e "$text" "$work/err"; then
		not_ok "$test_name" "no \"$text\" in: $*"
	else
		ok "$test_name"
	fi
}

# until_true SECONDS COMMAND...: succeeds as soon as the command does.
until_true() {
	tries=$(($1 * 10))
	shift
	while [ $tries -gt 0 ]; do
		"$@" > /dev/null 2>&1 && return
		sleep 0.1
		tries=$((tries - 1))
	done
	return 1
}
