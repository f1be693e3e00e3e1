#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The scripts that a newcomer runs first say clearly what they need where
# they cannot get it by themselves.
. tests/lib.sh

mkdir "$work/bin"
for tool in sh cat chmod chown dirname grep head id mkdir mktemp rm sed sleep tail; do
	ln -s "$(command -v $tool)" "$work/bin/$tool"
done
elsewhere="env PATH=$work/bin"

# shellcheck disable=SC2086 # $elsewhere is a command and its argument
{
	fails setup-not-on-debian 1 'not Debian.*nothing was installed' \
		$elsewhere scripts/setup
	fails setup-not-on-debian-lists-packages 1 \
		'to run: .*qemu-system-x86' $elsewhere scripts/setup
	fails kernel-not-on-debian 1 'apt knows no linux-image-cloud-amd64' \
		$elsewhere scripts/fetch-kernel "$work/guest"
	fails initramfs-without-busybox 1 'no busybox.*scripts/setup' \
		$elsewhere scripts/mkinitramfs "$work/tool" "$work/guest"
}

# a Debian where nothing is installed, and a user who may not install
for tool in apt-get dpkg-query; do
	printf '#!/bin/sh\nexit 1\n' > "$work/bin/$tool"
done
rm "$work/bin/id"
printf '#!/bin/sh\necho 1000\n' > "$work/bin/id"
chmod +x "$work/bin/apt-get" "$work/bin/dpkg-query" "$work/bin/id"
# shellcheck disable=SC2086
fails setup-without-sudo 1 'neither root nor sudo' $elsewhere scripts/setup
# and one whose sudo works, but apt does not
printf '#!/bin/sh\nexec "$@"\n' > "$work/bin/sudo"
ln -s "$(command -v env)" "$work/bin/env"
chmod +x "$work/bin/sudo"
# shellcheck disable=SC2086
fails setup-says-that-apt-failed 1 'apt-get update failed' $elsewhere \
	scripts/setup
