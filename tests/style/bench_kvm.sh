#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What bench-kvm makes of the console of KVM's system, and what it refuses.
# The console here is made up: the real one takes a minute.
. tests/lib.sh
O=${O:-build}

# console_make N: with N rows of the 2 that its end claims
console_make() {
	cat <<- 'EOF'
	[    0.1] some driver's word
	bench-kvm: kernel 6.1.0-made-up
	bench-kvm: npt Y
	bench-kvm: status 1
	{"suite":"exit-bench","version":1,"vendor":"AuthenticAMD","cpu":"A CPU","signature":8392466,"hypervisor":"KVMKVMKVM"}
	EOF
	[ "$1" -lt 1 ] || echo '{"row":"cpuid","n":1000,"min":7,"p50":18446744073709551,"p95":9,"max":10,"net":6}'
	[ "$1" -lt 2 ] || echo '{"row":"rdpmc","skipped":"RDPMC faults: no counters here"}'
	echo '{"end":"exit-bench","rows":2}'
}

# with the \r of a terminal
console_make 2 | sed 's/$/\r/' > "$work/whole"
console_make 1 > "$work/short"
console_make 2 | grep -v status > "$work/no-status"
console_make 2 | sed 's/"p95":9,//' > "$work/no-figure"

# gives NAME TEXT: the result has such a line
gives() {
	if grep -q -e "$2" "$work/list"; then
		ok "$1"
	else
		not_ok "$1" "no \"$2\""
	fi
}

if command -v qemu-system-x86_64 > /dev/null; then
	scripts/kvm-result "$work/whole" EPYC,+svm quiet nosmp \
		> "$work/result" 2> "$work/err"
	check kvm-result-is-read "$O/bin/exit-analyzer" list "$work/result"
	cp "$work/out" "$work/list"
	gives kvm-result-row '^cpuid *1000 *7 *18446744073709551 *9 *10 *6$'
	gives kvm-result-skip '^rdpmc *RDPMC faults: no counters here$'
	gives kvm-result-host '^# host: KVM of Linux 6.1.0-made-up$'
	gives kvm-result-options '^# host_options: quiet nosmp$'
	gives kvm-result-cpu '^# cpu: AuthenticAMD, A CPU, signature 0x800f12$'
	: > "$work/empty"
	# refuses FILE WHY
	refuses() {
		fails "kvm-result-of-$1" 1 "kvm-result: $2" \
			scripts/kvm-result "$work/$1" EPYC,+svm
	}
	refuses short 'exit-bench ended after 1 rows'
	refuses no-status 'QEMU under KVM ended with status'
	refuses no-figure 'no p95 in line 6'
	refuses empty 'exit-bench did not start'
else
	skip kvm-result "no qemu-system-x86_64 here; scripts/setup installs it"
fi
fails bench-kvm-option 1 'usage: bench-kvm' scripts/bench-kvm --off
fails bench-kvm-no-file 1 '-o needs the name of a file' scripts/bench-kvm -o
fails bench-kvm-quote 1 'cannot have a quote' scripts/bench-kvm 'a="b c"'
