#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The symbols that a recording took from the guest's memory are those the
# guest's own /proc/kallsyms shows, every one, kernel and modules.
. tests/system/lib.sh

record_linux kallsyms kallsyms
said() {
	sed -n "s/.*vmprof-kallsyms: $1 \([0-9]* [0-9a-f]*\).*/\1/p" \
		"$work/kallsyms.console"
}

digest() {
	echo "$(wc -l < "$1") $(sha256sum < "$1" | cut -d ' ' -f 1)"
}

"$O/tests/system/trace_facts" --kallsyms "$work/kallsyms.data" > "$work/all"
grep -v '\[' "$work/all" > "$work/kernel"
grep '\[' "$work/all" | tr '\t' ' ' | cut -d ' ' -f 1,3- | LC_ALL=C sort \
	> "$work/modules"

same kernel-symbols "$(said kernel)" "$(digest "$work/kernel")"
same module-symbols "$(said modules)" "$(digest "$work/modules")"
echo "# the guest says: $(said kernel | cut -d ' ' -f 1) of the kernel," \
	"$(said modules | cut -d ' ' -f 1) of modules"
check nothing-left-behind nothing_left
