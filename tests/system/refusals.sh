#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The core refuses to start, and says why on its console, where it cannot
# work: no SVM, too little RAM, bad options, no guest.
. tests/system/lib.sh

kernel=$O/tests/guest/cpuid.elf
good="log=com1 ring=1M exit-port=0xf4"

# refused NAME TEXT MODEL MEM OPTIONS [MODULES]
refused() {
	timeout 30 qemu-system-x86_64 -accel tcg -cpu "$3" -m "$4" -nodefaults \
		-no-reboot -display none -monitor none -machine q35 \
		-serial "file:$work/out" -device isa-debug-exit,iobase=0xf4 \
		-kernel "$O/vmm-core.elf" -append "$5" \
		-initrd "${6:-$kernel kernel vm=vm0 mem=16M vcpus=1 -- }" \
		2> "$work/err" < /dev/null
	if grep -q -e "$2" "$work/out"; then
		ok "$1"
	else
		not_ok "$1" "no \"$2\" on the core's console"
	fi
}

refused no-svm 'SVM' qemu64,-svm 256M "$good"
refused too-little-ram 'RAM\|memory' max 8M "$good"
refused guest-larger-than-ram 'RAM' max 64M "$good" \
	"$kernel kernel vm=vm0 mem=512M vcpus=1 -- "
refused unknown-option "unknown option 'colour=red'" max 256M "$good colour=red"
refused bad-value "bad option 'ring=3'" max 256M "$good ring=3"
refused ring-too-large 'RAM\|memory\|ring' max 256M "log=com1 ring=1G exit-port=0xf4"
refused module-of-no-kind 'module' max 256M "$good" "$kernel nonsense"
head -c 4096 /dev/urandom > "$work/noise"
refused kernel-is-noise 'kernel' max 256M "$good" \
	"$work/noise kernel vm=vm0 mem=16M vcpus=1 -- "
