#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# vmprof-report(1) has every sort key of exits, in the order of keys.def.
. tests/lib.sh

man_has_keys() {
	sed -n 's/^KEY([A-Z0-9]*,[[:space:]]*\([a-z0-9]*\),.*EXITS.*/\1/p' \
		exit-analyzer/stats/keys.def > "$work/keys"
	sed -n '/^\.It Fl s /,/^\.El/s/^\.It Cm //p' "$1" > "$work/named"
	[ -s "$work/keys" ] && diff -u "$work/keys" "$work/named" >&2
}

check report-man-has-all-sort-keys man_has_keys man/vmprof-report.1
sed '/^\.It Cm device$/d' man/vmprof-report.1 > "$work/less.1"
refused() {
	! man_has_keys "$1"
}
check finds-a-missing-sort-key refused "$work/less.1"
