#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The GRUB image of `make iso` boots the core and a guest, from a CD.
. tests/system/lib.sh

boot() {
	timeout 120 qemu-system-x86_64 -accel tcg -cpu max -m 768M -nodefaults \
		-no-reboot -display none -monitor none -machine q35 \
		-serial "file:$work/$1.console" -serial "file:$work/$1.log" \
		-device isa-debug-exit,iobase=0xf4 -cdrom "$work/$1.iso" \
		2> "$work/err" < /dev/null
	tr -d '\r' < "$work/$1.console" > "$work/out"
}

export CORE_OPTIONS="log=com2 console=com1 exit-port=0xf4"
check tiny-image-is-made scripts/mkiso "$O/vmm-core.elf" "$work/tiny.iso" \
	"$O/tests/guest/cpuid.elf"
boot tiny
check tiny-guest-runs grep 'cpuid-guest: rounds' "$work/tiny.console"

check linux-image-is-made make -s O="$O" iso ISO_KERNEL="$guest/vmlinuz" \
	ISO_INITRD="$guest/initramfs.cpio" \
	ISO_APPEND="console=ttyS0 quiet vmprof.test=boot"
cp "$O/vmm-core.iso" "$work/linux.iso"
boot linux
check linux-reaches-userspace grep 'vmprof-demo: userspace' \
	"$work/linux.console"
