#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A disk that fills up under a recording: an error that says so, and a trace
# that reads up to its last whole chunk.
. tests/system/lib.sh

if [ -c /dev/full ]; then
	fails full-from-the-start 1 'No space left' timeout 60 "$vmprof" record \
		-o /dev/full --kernel "$O/tests/guest/cpuid.elf"
else
	skip full-from-the-start "no /dev/full here"
fi

# A small filesystem of our own needs a mount namespace.
namespace="unshare -m"
[ "$(id -u)" -eq 0 ] || namespace="unshare -rm"
mkdir "$work/small"
if ! $namespace mount -t tmpfs -o size=1400k none "$work/small" 2> /dev/null; then
	skip full-midway "no mount namespace to be had"
	exit 0
fi
export O vmprof guest work
# shellcheck disable=SC2016,SC2086 # for the inner shell; two words
timeout 200 $namespace sh -c '
	mount -t tmpfs -o size=1400k none "$work/small" || exit 99
	"$vmprof" record -o "$work/small/t.data" --kernel "$guest/vmlinuz" \
		--initrd "$guest/initramfs.cpio" \
		--append "console=ttyS0 quiet" > "$work/full.console" 2> "$work/full.err"
	status=$?
	cp "$work/small/t.data" "$work/full.data"
	exit $status' < /dev/null
same full-midway-is-an-error 1 $?
check full-midway-is-said grep 'No space left' "$work/full.err"
check full-midway-trace-reads facts "$work/full"
same full-midway-trace-says-cut 1 "$(fact "$work/full" cut)"
check full-midway-trace-has-exits test "$(fact "$work/full" vmexit)" -gt 1000
check nothing-left-behind nothing_left
