#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What `make install` leaves works from there: the program finds its core,
# there is a man page for each command, and the shell completes them.
. tests/system/lib.sh

check install make -s O="$O" install DESTDIR="$work/root" PREFIX=/opt/vmprof
root=$work/root/opt/vmprof
check version sh -c "'$root/bin/vmprof' --version | grep '$(cat VERSION)'"
check installed-program-finds-its-core timeout 60 "$root/bin/vmprof" record \
	-o "$work/x.data" --kernel "$O/tests/guest/cpuid.elf"
commands=$("$root/bin/vmprof" --list-commands)
for c in $commands; do
	check "man-page:vmprof-$c" test -s "$root/share/man/man1/vmprof-$c.1"
done
check dashboard cmp reports/grafana-vmprof.json \
	"$root/share/vmprof/grafana-vmprof.json"
check man-page:vmprof test -s "$root/share/man/man1/vmprof.1"
check man-page:vmprof-data test -s "$root/share/man/man5/vmprof-data.5"

# The examples of the man pages run as they stand there, with a trace and a guest
# of the names they use. A recording ends by itself or at Ctrl-C.
mkdir "$work/examples"
ln -s "$guest/vmlinuz" "$work/examples/bzImage"
ln -s "$guest/initramfs.cpio" "$work/examples/initramfs.cpio"
run_example() {
	(
		cd "$work/examples" && cp "$demo.data" vmprof.data &&
			PATH=$root/bin:$PATH timeout --preserve-status \
				-s INT 60 sh -c "$1" < /dev/null
	)
}
sed -n 's/^\.Dl \$ \(vmprof .*\)/\1/p' man/*.1 | sed 's/\\&//g; s/\\-/-/g' \
	> "$work/lines"
while read -r line; do
	check "example:$line" run_example "$line"
done < "$work/lines"

# the shell loads what is named as the command is
completions=$root/share/bash-completion/completions
for p in vmprof exit-analyzer vmtop; do
	# shellcheck disable=SC2016 # the inner shell's own
	check "completion:$p" env PATH="$root/bin:$PATH" bash -c '
		. "$1/$2" && complete -p "$2" && COMP_WORDS=("$2" --hel) &&
			COMP_CWORD=1 && _vmprof && [ "$COMPREPLY" = --help ]' \
		complete "$completions" $p
done
