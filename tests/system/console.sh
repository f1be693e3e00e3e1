#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Input on the machine's console reaches the guest: a byte wakes it from its
# sleep, and nothing is lost that its FIFO has no room for.
. tests/system/lib.sh

# Types a line and 300 bytes, each when the guest asks for it.
type_for_it() {
	until_true 30 grep -q ready "$work/said" && printf '3 lines\n'
	until_true 30 grep -q more "$work/said" &&
		awk 'BEGIN { for (i = 0; i < 300; i++) printf "%c", 65 + i % 26 }'
	until_true 30 grep -q sum "$work/said"
}

: > "$work/said"
type_for_it | timeout 100 qemu-system-x86_64 -accel tcg -cpu max -m 256M \
	-nodefaults -no-reboot -display none -monitor none -machine q35 \
	-serial stdio -serial "file:$work/log" \
	-device isa-debug-exit,iobase=0xf4 -kernel "$O/vmm-core.elf" \
	-append "log=com2 console=com1 exit-port=0xf4" \
	-initrd "$O/tests/guest/echo.elf kernel vm=vm0 mem=16M vcpus=1 -- " \
	> "$work/said" 2> "$work/err"

sum=$(awk 'BEGIN { for (i = 0; i < 300; i++) s += 65 + i % 26; print s }')
check line-wakes-the-guest grep -q 'line 3 lines' "$work/said"
check all-bytes-arrive grep -q "sum $sum" "$work/said"
check guest-was-interrupted sh -c "! grep 'never interrupted' '$work/said'"
check guest-ended grep -q 'vm vm0: off' "$work/log"
