# SPDX-License-Identifier: BSD-2-Clause
# Shared by the tests of vmtop: a fake machine that vmtop can read, in $fake.
# shellcheck shell=sh
. tests/lib.sh
O=${O:-$PWD/build}

vmtop=$O/bin/vmtop
fake=$O/san/tests/vmtop/fake_machine
[ -x "$fake" ] || fake=$O/tests/vmtop/fake_machine
# shellcheck disable=SC2154 # lib.sh made $work
export VMPROF_RUNDIR="$work/run"

# One that was built before abi/ changed is rightly refused: every test below
# would fail, and not say why.
fake_is_read() {
	[ -x "$fake" ] || return
	"$fake" probe 0 60 > "$work/probe" &
	pids="$pids $!"
	until_true 10 grep -q running "$work/probe"
	"$vmtop" --once -d 0.05 probe > "$work/out" 2> "$work/err"
	read=$?
	kill $!
	wait $!
	return $read
}

if ! fake_is_read; then
	not_ok vmtop-reads-fake-machines "$vmtop does not read $fake;" \
		"to build both anew: make O=$O all san-programs"
	exit 1
fi
