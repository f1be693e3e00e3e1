# SPDX-License-Identifier: BSD-2-Clause
# Shared by bench-kvm and bench-xen: exit-bench under our core and under
# another hypervisor, on the same deterministic PC. The script that sources this has set
# `name`, and is in the root of the tree.
# shellcheck shell=sh

O=${O:-build}
out=$O/$name
cpu=EPYC,+svm
timeout_s=900
qemu_pid=

step() {
	echo "$name: $*"
}

fail() {
	step "$*" >&2
	exit 1
}

# [-o RESULT] [OPTION...], the other hypervisor's: $result and $options.
arguments() {
	result=$out/${name#bench-}.json
	if [ "${1:-}" = -o ]; then
		[ $# -ge 2 ] || fail "-o needs the name of a file"
		result=$2
		shift 2
	fi
	options=$*
	case $options in
	-*)		fail "usage: $name [-o RESULT] [OPTION...]" ;;
	*[\"\\]*)	fail "an option cannot have a quote or a backslash" ;;
	esac
}

# Builds what is needed; $work is a directory for this run.
begin() {
	scripts/setup
	step "building"
	make -s O="$O" -j"$(nproc)" all "$O/tests/guest/hv-tool"
	work=$(mktemp -d)
	trap '[ -z "$qemu_pid" ] || kill "$qemu_pid"; rm -rf "$work"' EXIT
	trap 'exit 130' INT TERM
	mkdir -p "$out"
}

ours() {
	step "exit-bench on our core"
	"$O/bin/exit-analyzer" run --deterministic --cpu-model "$cpu" --quiet \
		-o "$out/ours.json"
}

# machine QEMU-OPTION...: runs it to its end, with the exit status in $status.
machine() {
	timeout "$timeout_s" qemu-system-x86_64 -nodefaults -no-user-config \
		-no-reboot -display none -monitor none -nic none \
		-accel tcg,thread=single -cpu "$cpu" -smp 1 \
		-icount shift=0,sleep=off -rtc clock=vm,base=2024-01-01 -seed 1 \
		"$@" 2> "$work/qemu.log" &
	qemu_pid=$!
	wait $qemu_pid && status=0 || status=$?
	qemu_pid=
	[ "$status" -ne 124 ] || fail "the machine did not end in $timeout_s s"
	# TCG warns about features that it lacks
	grep -v "TCG doesn't support" "$work/qemu.log" >&2 || true
}

# give_up CONSOLE WHY...
give_up() {
	tail -n 20 "$1" >&2
	shift
	fail "$*; the end of the console is above"
}

# import CONSOLE OPTION...: the result, and the table.
import() {
	console=$1
	shift
	"$O/bin/exit-analyzer" import --deterministic -o "$result" \
		--fact emulator="$(qemu-system-x86_64 --version | head -n 1), tcg" \
		--fact cpu_model="$cpu" --fact host_options="$options" "$@" \
		"$console"
	"$O/bin/exit-analyzer" compare "$out/ours.json" "$result"
}
