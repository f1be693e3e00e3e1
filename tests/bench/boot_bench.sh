#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The stock kernel to its first line from userspace, as the guest's own TSC
# says there: as a guest of the core against the same kernel on the bare
# emulator, turn about. The TSC counts from the machine's reset, so firmware
# and the core's own start are in it; it is the host's clock on the ordinary
# machine (best of the rounds), and instructions on the deterministic one.
. tests/bench/lib.sh

rounds=${ROUNDS:-3}
append="console=ttyS0 quiet vmprof.test=boot"

tsc_in() {
	sed -n 's/.*vmprof-demo: userspace at tsc \([0-9]*\).*/\1/p' "$1"
}

# bare OPTIONS...: what vmprof gives QEMU, without the core.
bare() {
	timeout 120 qemu-system-x86_64 -nodefaults -no-user-config -no-reboot \
		-display none -monitor none -nic none -machine q35 -m 256M \
		-accel tcg,thread=single -cpu max -serial "file:$work/bare" \
		-kernel "$guest/vmlinuz" -initrd "$guest/initramfs.cpio" \
		-append "$append" "$@" 2> "$work/err" < /dev/null
	tsc_in "$work/bare"
}

# core OPTIONS...
core() {
	record_linux boot boot "$@"
	tsc_in "$work/boot.console"
}

least() {
	sort -n "$1" | head -n 1
}

i=0
while [ $i -lt "$rounds" ]; do
	bare >> "$work/bare-tsc"
	core >> "$work/core-tsc"
	i=$((i + 1))
done
b=$(least "$work/bare-tsc")
c=$(least "$work/core-tsc")
[ -n "$b" ] || give_up "the bare guest did not reach userspace"
[ -n "$c" ] || give_up "the guest of the core did not reach userspace"
facts "$work/boot"
khz=$(fact "$work/boot" tsc_khz)
printf '%-52s %10s ms\n' "userspace, bare emulator, best of $rounds" \
	$((b / khz))
printf '%-52s %10s ms\n' "userspace, guest of the core, best of $rounds" \
	$((c / khz))
printf '%-52s %10s\n' "exits on the way" "$(fact "$work/boot" vmexit)"
figure "time to userspace, core to bare" "$(ratio "$c" "$b")" times 1.6

b=$(bare -icount shift=0,sleep=off -rtc clock=vm,base=2024-01-01 -seed 1)
c=$(core --deterministic)
[ -n "$b" ] || give_up "the bare guest did not reach userspace"
[ -n "$c" ] || give_up "the guest of the core did not reach userspace"
facts "$work/boot"
printf '%-52s %10s\n' "instructions to userspace, bare emulator" "$b"
printf '%-52s %10s\n' "instructions to userspace, guest of the core" "$c"
printf '%-52s %10s\n' "of them before the guest's first exit" \
	"$(fact "$work/boot" first_tsc)"
printf '%-52s %10s\n' "exits on the way" "$(fact "$work/boot" vmexit)"
figure "instructions to userspace, core to bare" "$(ratio "$c" "$b")" times 1.03
exit "$missed"
