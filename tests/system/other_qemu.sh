#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The system tests on the QEMU of the release's backports, where machine,
# plugin, demo and gate must work as they do on the release's own. Minutes, so
# that make check-long alone runs it.
. tests/system/lib.sh

if ! bin=$(scripts/fetch-qemu "$O/qemu-backports" 2> "$work/err"); then
	skip other-qemu "$(tail -n 1 "$work/err")"
	exit
fi
PATH=$bin:$PATH
export PATH
version=$(qemu-system-x86_64 --version |
	sed -n '1s/^QEMU emulator version \([0-9.]*\).*/\1/p')
echo "# QEMU $version, in $bin"
check other-qemu-is-another test "$version" != "$(PATH=${PATH#*:} \
	qemu-system-x86_64 --version |
	sed -n '1s/^QEMU emulator version \([0-9.]*\).*/\1/p')"

# Their names get the version in front, theirs and ours.
tests/system/run guests rflags irqs demo reset deterministic readers killed \
	exit_bench exit_analyzer vmtop_guest |
	sed -u "s,^\(ok\|not ok\|skip\) ,\1 $version/,"
