#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A recorder or a machine that is killed, and Ctrl-C: what was written is
# readable, says whether it was cut, and no machine and no file is left.
. tests/system/lib.sh

# start NAME: a recording in the background, up to the guest's userspace.
start() {
	record_linux "$1" spin &
	pids="$pids $!"
	waited=$!
	until_true 60 in_userspace "$1" && return
	not_ok "$1-reaches-userspace"
	show "$1"
}

# The only machine there is.
machine_pid() {
	for pid in $(pgrep qemu-system); do
		case $(readlink "/proc/$pid/cwd") in
		"$VMPROF_RUNDIR"/*) echo "$pid" ;;
		esac
	done
}

no_machine() {
	[ -z "$(machine_pid)" ]
}

# readable NAME CUT: the trace reads to its end and says whether it was cut.
readable() {
	check "$1-trace-reads" facts "$work/$1"
	same "$1-trace-says-cut" "$2" "$(fact "$work/$1" cut)"
	check "$1-trace-has-exits" test "$(fact "$work/$1" vmexit)" -gt 1000
	check "$1-report" "$vmprof" report -i "$work/$1.data"
}

start killed
kill -KILL "$(recorder_of killed)"
wait "$waited"
check killed-recorder-leaves-no-machine until_true 10 no_machine
readable killed 1
check killed-trace-report-says-so sh -c \
	"'$vmprof' report -i '$work/killed.data' 2>&1 | grep -i cut"
# the next machine clears up what the dead one could not
record after --kernel "$O/tests/guest/cpuid.elf"
check next-machine-clears-up nothing_left

# at any moment: the file reads, or says that it has no records yet
for moment in 0.1 0.3 0.7 1.5 3; do
	timeout -s KILL $moment "$vmprof" record -o "$work/early.data" \
		--kernel "$guest/vmlinuz" --initrd "$guest/initramfs.cpio" \
		--append "console=ttyS0 vmprof.test=spin" > "$work/early.console" \
		2>&1 < /dev/null
	check "killed-after-$moment-leaves-no-machine" until_true 10 no_machine
	[ -e "$work/early.data" ] || continue
	timeout 60 "$vmprof" report -i "$work/early.data" > "$work/out" \
		2> "$work/said"
	status=$?
	check "killed-after-$moment-is-said" test $status -le 1 -a -s "$work/said"
	rm "$work/early.data"
done

# The same for a wish to end: the trace is whole, or there is none.
for signal in INT TERM HUP; do
	for moment in 0.05 0.3 0.8 2; do
		timeout --preserve-status -s $signal -k 20 $moment env --default-signal=INT,HUP \
			"$vmprof" record -o "$work/early.data" \
			--kernel "$guest/vmlinuz" \
			--initrd "$guest/initramfs.cpio" \
			--append "console=ttyS0 vmprof.test=spin" \
			> "$work/early.console" 2> "$work/early.err" < /dev/null
		status=$?
		name=SIG$signal-after-$moment
		check "$name-leaves-no-machine" no_machine
		if [ -e "$work/early.data" ]; then
			facts "$work/early"
			same "$name-leaves-a-whole-trace" 0 \
				"$(fact "$work/early" cut)"
			rm "$work/early.data"
		else
			check "$name-before-the-machine-is-an-error" \
				test $status -ne 0
		fi
	done
done

start machine-killed
kill -KILL "$(machine_pid)"
wait "$waited"
same machine-killed-is-an-error 1 $?
check machine-killed-is-said grep -i machine "$work/machine-killed.err"
facts "$work/machine-killed"
readable machine-killed "$(fact "$work/machine-killed" cut)"
check machine-killed-leaves-nothing nothing_left

for signal in INT TERM HUP; do
	start "SIG$signal"
	kill -$signal "$(recorder_of "SIG$signal")"
	wait "$waited"
	same "SIG$signal-ends-well" 0 $?
	readable "SIG$signal" 0
	f=$work/SIG$signal
	# the machine stops anywhere, also between counting the last exit and
	# committing its record: one of the one vCPU may be without
	lacks=$(($(fact "$f" core.vmexit) - $(fact "$f" vmexit)))
	check "SIG$signal-has-all-exits" test $lacks -eq 0 -o $lacks -eq 1
	check "SIG$signal-leaves-nothing" nothing_left
done
check no-machine-left no_machine
