#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# RFLAGS behind CMPXCHG8B and CMPXCHG16B, which QEMU before 8.0 loses: guests
# do not get the wide one from it, and an exit behind either spoils nothing.
. tests/system/lib.sh

version=$(qemu-system-x86_64 --version | sed -n '1s/^QEMU emulator version //p')
echo "# QEMU $version"
if [ "${version%%.*}" -lt 8 ]; then
	default="bad 0 and 0, #UD, no cx16"
	forced="bad 0 and 0, runs, no cx16"
	default_repairs=40 forced_repairs=80
else
	default="bad 0 and 0, runs, has cx16"
	forced=$default
	default_repairs=0 forced_repairs=0
fi

# flags NAME WHAT-THE-GUEST-SAYS EXITS-WITH-IMPOSSIBLE-FLAGS ARGS...
flags() {
	name=$1 says=$2 repairs=$3
	shift 3
	record "$name" --kernel "$O/tests/guest/flags.elf" "$@"
	same "$name-guest" "flags-guest: $says" "$(cat "$work/$name.console")"
	same "$name-repairs" "$repairs" "$(sed -n \
		's/^.* \([0-9]*\) exits came with impossible RFLAGS.*/\1/p' \
		"$work/$name.err" | grep . || echo 0)"
}

flags default "$default" $default_repairs
flags deterministic "$default" $default_repairs --deterministic
flags forced "$forced" $forced_repairs --cpu-model max,+cx16
check nothing-left-behind nothing_left
