#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Mistakes of users: each an error that says what, where and what to do;
# never a hang, never half a machine left.
. tests/system/lib.sh

data=$work/x.data
linux=$guest/vmlinuz
tiny=$O/tests/guest/cpuid.elf

# record_fails NAME STATUS TEXT ARGS...
record_fails() {
	fail_name=$1 status=$2 text=$3
	shift 3
	fails "$fail_name" "$status" "$text" "$vmprof" record -o "$data" "$@"
}

record_fails kernel-missing 1 "no-such-kernel" --kernel "$work/no-such-kernel"
record_fails initrd-missing 1 "no-such-initrd" --kernel "$linux" \
	--initrd "$work/no-such-initrd"
record_fails kernel-is-a-directory 1 "$work" --kernel "$work"
: > "$work/empty"
record_fails kernel-is-empty 1 "empty" --kernel "$work/empty"
head -c 100000 "$guest/vmlinuz" > "$work/truncated"
record_fails kernel-truncated 1 "truncated" --kernel "$work/truncated"
head -c 100000 /dev/urandom > "$work/noise"
record_fails kernel-is-noise 1 "noise" --kernel "$work/noise"
record_fails kernel-is-a-program 1 "/bin/sh" --kernel /bin/sh
truncate -s 300M "$work/big"
record_fails initrd-too-large 1 "big" --kernel "$linux" --initrd "$work/big"
record_fails memory-too-small 1 "" --kernel "$linux" --mem 1M
record_fails memory-is-no-size 2 "--mem" --kernel "$linux" --mem lots
record_fails unknown-option 2 "no-such-option" --kernel "$tiny" --no-such-option
record_fails no-kernel 2 "kernel"
record_fails no-cpus 2 "cpus" --kernel "$tiny" --cpus 0
record_fails duration-is-no-time 2 "duration" --kernel "$tiny" --duration soon
record_fails deterministic-on-two-cpus 1 "one CPU" --kernel "$tiny" --deterministic --cpus 2
fails output-cannot-be-written 1 "no-such-dir" "$vmprof" record \
	-o "$work/no-such-dir/x" --kernel "$tiny"
fails unknown-command 2 "record" "$vmprof" no-such-command
fails ambiguous-command 2 "report" "$vmprof" re

# no QEMU: a PATH that has everything else
mkdir "$work/bin"
PATH_WITHOUT=$work/bin
fails no-qemu 1 "qemu-system-x86_64" env PATH="$PATH_WITHOUT" "$vmprof" \
	record -o "$data" --kernel "$tiny"
record_fails cpu-without-svm 1 "SVM" --kernel "$tiny" --cpu-model qemu64,-svm

printf 'no trace at all' > "$work/junk.data"
head -c 5000 "$demo.data" > "$work/cut.data"
: > "$work/empty.data"
for command in report script info; do
	fails $command-missing-file 1 "no-such.data" "$vmprof" $command \
		-i "$work/no-such.data"
	fails $command-not-a-trace 1 "junk.data" "$vmprof" $command \
		-i "$work/junk.data"
	fails $command-empty-file 1 "empty.data" "$vmprof" $command \
		-i "$work/empty.data"
	fails $command-is-a-directory 1 "$work" "$vmprof" $command -i "$work"
	fails $command-unknown-option 2 "no-such-option" "$vmprof" $command \
		--no-such-option
done
fails unknown-sort-key 2 "reason.*sym.*cr3" "$vmprof" report \
	-i "$demo.data" --sort nonsense
fails unknown-format 2 "csv" "$vmprof" report -i "$demo.data" \
	--format nonsense

# flip TRACE AT: one bit of one byte
flip() {
	python3 -c "
import sys
b = bytearray(open(sys.argv[1], 'rb').read())
b[int(sys.argv[2])] ^= 4
open(sys.argv[3], 'wb').write(b)" "$1" "$2" "$work/flipped.data"
}
for at in 3 9 500 1030 1100 3000; do
	flip "$demo.data" $at
	fails "flipped-bit-in-byte-$at" 1 "flipped.data" "$vmprof" report \
		-i "$work/flipped.data"
done
for bytes in 100 1024 1040 1500 5000; do
	head -c $bytes "$demo.data" > "$work/short.data"
	timeout 60 "$vmprof" report -i "$work/short.data" > "$work/out" \
		2> "$work/said"
	status=$?
	check "truncated-at-$bytes-is-said" test $status -le 1 -a -s "$work/said"
done
check nothing-left-behind nothing_left
