#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The tiny guests, one per kind of exit: what each must print, how it must
# end, and how often it must leave, exactly: one byte printed is one I/O exit.
. tests/system/lib.sh

# row GUEST LAST-LINE STATE IO REASON=COUNT...: IO without the printing.
row() {
	name=$1 line=$2 state=$3 io=$4
	shift 4
	record "$name" --kernel "$O/tests/guest/$name.elf" --deterministic
	status=$?
	f=$work/$name
	if ! facts "$f" || [ $status -ne 0 ]; then
		not_ok "$name" "status $status"
		show "$name"
		return
	fi
	wrong=
	tail -n 1 "$f.console" | grep -q "^$name-guest: $line" ||
		wrong="$wrong console"
	[ "$(fact "$f" vm_state)" = "$state" ] ||
		wrong="$wrong $(fact "$f" vm_state)"
	io=$((io + $(wc -c < "$f.console")))
	for want in "io=$io" "$@"; do
		got=$(fact "$f" "reason.${want%=*}")
		[ "${got:-0}" = "${want#*=}" ] || wrong="$wrong $want:${got:-0}"
	done
	for key in vmexit tlb_flush hypercalls; do
		[ "$(fact "$f" $key)" = "$(fact "$f" core.$key)" ] ||
			wrong="$wrong core.$key:$(fact "$f" core.$key)"
	done
	if [ -z "$wrong" ]; then
		ok "$name"
	else
		not_ok "$name" "wrong:$wrong"
		show "$name"
	fi
}

# The end is one CPUID, to see that the core is there, and one hypercall.
row cpuid "rounds 10000 " off 0 cpuid=10001 hypercall=1
row hypercall "unknown ok" off 0 cpuid=2 hypercall=152
row triple_fault "now" crashed 0 cpuid=10 triple-fault=1 hypercall=0
row halt "now" halted 0 hlt=2
row unsupported "faults 6" off 0 virt-insn=5 hypercall=1
row nowhere "bad 0" off 0 npf=40
row insns "bad 0 steps 7 faults 2" off 1 npf=20 cpuid=2
row io "bad 0" off 204 hypercall=1
row msr "bad 0 faults 62" off 0 hypercall=1 cr-access=2
row timer "ticks 20 by deadline" off 0 hlt=20
row wakeup "early 0 woken 50" off 0 hlt=50
row flags "bad 0 and 0" off 40 cpuid=42
# each of 501 ends with an IRET; in 200 handlers another one waits for it
row nmi "came 501 inside 300 deepest 1 irqs 50 inside 0" off 303 hlt=1 \
	iret=501 exception=200
row init "now" reset 0 hypercall=0
row reset_vector "now" reset 1 hypercall=0

# With a core that does to a vCPU what guests cannot ask for.
VMPROF_CORE=$O/tests/plant/vcpu_ops.elf
export VMPROF_CORE
row broken_off "bad 0 irq 10 nmi 10 soft 10 bp 10 ud 10 gp 10 pf 10" off 0 \
	npf=80 hypercall=81
row context "bad 0" off 0 hypercall=26
unset VMPROF_CORE

# The trace holds what the hypercall guest passed.
f=$work/hypercall
want=$(i=0; while [ $i -lt 50 ]; do
	printf 'hypercall 0x564d5001 %#x %#x %#x %#x = 0\n' $i $((2 * i)) \
		$((3 * i)) $((-1 - i))
	i=$((i + 1))
done)
same hypercall-arguments "$want" "$(grep '^hypercall 0x564d5001' "$f.facts")"
# A nested page fault says what was tried, and of how many bytes.
accesses=$("$vmprof" script -i "$work/nowhere.data" |
	sed -n 's/.*cycles=[^ ]* \(.* gpa=.*\)/\1/p' | sort | uniq -c |
	awk '{ $1 = $1 } 1')
same npf-access "$(printf '%s\n' '20 read gpa=0xd0000000 bytes=4' \
	'20 write gpa=0xd0000000 bytes=4')" "$accesses"
# All CPUs of the machine are up, each with its ring; the guest has the first.
record two-cpus --kernel "$O/tests/guest/timer.elf" --cpus 2
facts "$work/two-cpus"
same two-cpus-boot "guest-was-here 0" "$(grep -q 'ticks 20' \
	"$work/two-cpus.console" && echo guest-was-here) $(fact \
	"$work/two-cpus" cpu1.missed)"

# A test kernel's own end is passed on, as its emulator would.
record test-exit --kernel "$O/tests/guest/test_exit.elf"
same test-exit-status 7 $?
same test-exit-configuration "test_exit-guest: signature 1431127377 cpus 1 of\
 1 MiB 256 unknown 0" "$(cat "$work/test-exit.console")"

record to-file --kernel "$O/tests/guest/io.elf" --console "$work/a-file"
same console-to-a-file "io-guest: bad 0" "$(cat "$work/a-file")"
same console-not-on-stdout "0" "$(wc -c < "$work/to-file.console")"
check nothing-left-behind nothing_left
