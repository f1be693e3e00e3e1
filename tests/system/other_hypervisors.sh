#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# exit-bench under KVM and under Xen, as the documents have it. Minutes, so
# that make check-long alone runs it.
. tests/system/lib.sh

# bench NAME HYPERVISOR: each row that every hypervisor has was measured.
bench() {
	result=$work/$1.json
	check "bench-$1" env "O=$O" timeout 900 scripts/bench-"$1" \
		-o "$result"
	"$O/bin/exit-analyzer" list "$result" > "$work/list"
	check "bench-$1-ran-there" grep -q "^# hypervisor: $2\$" "$work/list"
	for row in cpuid hypercall-nop msr-read mmio-read apic-eoi self-ipi; do
		# shellcheck disable=SC2016 # awk's own $
		check "bench-$1-has-$row" awk -v row="$row" \
			'$1 == row { cost = $7 } END { exit cost < 500 }' \
			"$work/list"
	done
}

bench kvm KVMKVMKVM
bench xen XenVMMXenVMM
