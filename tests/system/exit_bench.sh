#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# exit-bench where our core is not: on QEMU alone, which has a second CPU and
# virtio for it, and started by PVH, too. A CPU that does not come or does not
# answer costs its rows and nothing else.
. tests/system/lib.sh

analyzer=$O/bin/exit-analyzer
image=$O/exit-bench.elf
pvh_image=$O/exit-bench-pvh.elf

# bench NAME ARGS...: the console in $work/NAME; 1 is isa-debug-exit's 0
bench() {
	bench_name=$1
	shift
	timeout 300 qemu-system-x86_64 -nodefaults -no-user-config -no-reboot \
		-display none -monitor none -nic none -m 384 -cpu max \
		-serial "file:$work/$bench_name" \
		-device isa-debug-exit,iobase=0xf4,iosize=4 "$@" \
		> "$work/out" 2> "$work/err" < /dev/null
	same "$bench_name-ends" 1 $?
}

# The TSC counts instructions.
bench_exact() {
	bench "$@" -machine q35 -accel tcg,thread=single -seed 1 \
		-icount shift=0,sleep=off -rtc clock=vm,base=2024-01-01
}

# measured NAME ROW...: the rows have figures
measured() {
	measured_name=$1
	shift
	for row in "$@"; do
		check "$measured_name-has:$row" grep -q \
			"^{\"row\":\"$row\",\"n\":[1-9].*\"net\":[0-9]*}$" \
			"$work/$measured_name"
	done
}

# skipped NAME ROW REASON
skipped() {
	check "$1-skips:$2" grep -q \
		"^{\"row\":\"$2\",\"skipped\":\"$3\"}$" "$work/$1"
}

# has NAME WHAT TEXT
has() {
	check "$1-$2" grep -q -e "$3" "$work/$1"
}

bench_exact multiboot -kernel "$image"
has multiboot says-how-it-was-loaded '^{"suite".*"loader":"multiboot"}$'
bench_exact pvh -kernel "$pvh_image"
has pvh says-how-it-was-loaded '^{"suite".*"loader":"pvh"}$'
for name in multiboot pvh; do
	grep -v '"suite"' "$work/$name" > "$work/$name.rows"
done
check pvh-has-the-rows-of-multiboot cmp "$work/multiboot.rows" "$work/pvh.rows"
has pvh finds-acpi '"row":"pm-timer-in","n":'
has pvh knows-its-memory '"row":"first-touch-4k","n":'
skipped multiboot ipi-running 'the firmware names no other CPU'
skipped multiboot virtio-notify 'no virtio device here'
skipped multiboot first-touch-2m 'the hypervisor maps 4 KiB at a time'

# The same by one command, with two CPUs in turns.
# bare NAME ARGS...: the result in $work/NAME.json
bare() {
	bare_name=$1
	shift
	timeout 300 "$analyzer" run -q -o "$work/$bare_name.json" --bare "$@" \
		> "$work/out" 2> "$work/err" < /dev/null
	same "$bare_name-runs" 0 $?
}

# fact NAME KEY VALUE
fact_is() {
	check "$1-says:$2" grep -q "^    \"$2\": \"$3\"" "$work/$1.json"
}

bare bare tcg --deterministic &
first=$!
bare bare-again tcg --deterministic
wait $first
check bare-repeats cmp "$work/bare.json" "$work/bare-again.json"
for row in cpuid virtio-notify ipi-running ipi-halted; do
	check "bare-has:$row" grep -q "\"row\": \"$row\", \"n\": 1" \
		"$work/bare.json"
done
fact_is bare core none
fact_is bare cpus 2
fact_is bare devices virtio-rng-pci
fact_is bare hypervisor TCGTCGTCGTCG
check bare-has-the-rows-of-one-cpu grep -q \
	"\"row\": \"cpuid\", .* \"cost_ticks\": $(sed -n \
	's/^{"row":"cpuid",.*"net":\([0-9]*\)}$/\1/p' "$work/multiboot")}" \
	"$work/bare.json"
bare bare-noisy tcg --rounds 2
check bare-noisy-has-both-rounds grep -q '"row": "ipi-halted", "n": 200' \
	"$work/bare-noisy.json"
fails bare-is-not-the-core 1 "core: 'nothing' against 'none'" "$analyzer" check \
	--baseline tests/baseline/exit-bench.json "$work/bare.json"
fails bare-bad-cpu-model 1 "QEMU ended with status 1: .*nosuch" \
	"$analyzer" run --bare tcg --cpu-model nosuch -o "$work/x.json"
fails bare-no-qemu 1 "cannot start qemu-system-x86_64.*scripts/setup" \
	env PATH=/nowhere "$analyzer" run --bare tcg -o "$work/x.json"
fails bare-timeout 1 "did not end within 1 s " "$analyzer" run \
	--bare tcg --deterministic --timeout 1 -o "$work/x.json"
fails bare-what 2 "neither kvm nor tcg" "$analyzer" run --bare xen
fails bare-with-a-core 2 "without a core" "$analyzer" run --bare tcg \
	--core "$O/vmm-core.elf"
fails bare-kvm-exact 2 "does not count" "$analyzer" run --bare kvm \
	--deterministic

two="rows=ipi-running,ipi-halted,virtio-notify,pm-timer-in"
bench two-cpus -machine q35 -smp 2 -device virtio-rng-pci -append "$two" \
	-kernel "$image"
measured two-cpus empty ipi-running ipi-halted virtio-notify pm-timer-in
has two-cpus has-the-chosen-rows-only '^{"end":"exit-bench","rows":5}$'
bench two-cpus-by-pvh -machine q35 -smp 2 -device virtio-rng-pci \
	-append "$two" -kernel "$pvh_image"
measured two-cpus-by-pvh ipi-running ipi-halted virtio-notify
bench spare-cpu -machine q35 -smp 1,maxcpus=2 -append rows=ipi-running \
	-kernel "$image"
skipped spare-cpu ipi-running 'the firmware names no other CPU'
bench little-memory -m 64 -machine q35 -kernel "$image" \
	-append "rows=first-touch-4k,first-touch-2m"
skipped little-memory first-touch-2m 'the guest has less than 328 MiB of RAM'

# virtio as it may be: over MMIO, as QEMU's microvm tells by the command line,
# or too old.
microvm="-machine microvm,acpi=off -device virtio-rng-device"
# shellcheck disable=SC2086 # options and their values
bench virtio-mmio $microvm -global virtio-mmio.force-legacy=false \
	-kernel "$pvh_image" -append rows=virtio-notify
measured virtio-mmio virtio-notify
# shellcheck disable=SC2086
bench old-virtio-mmio $microvm -kernel "$pvh_image" -append rows=virtio-notify
skipped old-virtio-mmio virtio-notify \
	'the virtio device is older than virtio 1.0'
bench old-virtio-pci -machine q35 -device virtio-rng-pci,disable-modern=on \
	-kernel "$image" -append rows=virtio-notify
skipped old-virtio-pci virtio-notify 'a virtio device without registers.*'

# Both wait some seconds for a CPU that does nothing.
bench dead-cpu -machine q35 -smp 2 -kernel "$O/tests/plant/exit-bench.elf" \
	-append "plant=dead rows=cpuid,ipi-running" &
dead=$!
bench deaf-cpu -machine q35 -smp 2 -kernel "$O/tests/plant/exit-bench.elf" \
	-append "plant=deaf rows=ipi-running,ipi-halted,cpuid"
wait $dead
measured dead-cpu cpuid
skipped dead-cpu ipi-running 'the other CPU does not start'
has dead-cpu comes-to-its-end '^{"end":"exit-bench","rows":3}$'
skipped deaf-cpu ipi-running 'the other CPU does not answer'
has deaf-cpu comes-to-its-end '^{"end":"exit-bench","rows":4}$'
