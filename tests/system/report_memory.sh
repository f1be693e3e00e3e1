#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Two million rows in every format, in memory for the rows alone: what is
# printed goes out as it is made.
. tests/lib.sh

O=${O:-build}
limit_kib=400000

"$O/tests/golden/make_trace" "$work" addresses || exit 1

# rows FORMAT LINES_OF_A_ROW
rows() {
	# shellcheck disable=SC3045 # dash and bash both have -v
	(ulimit -v $limit_kib && exec "$O/bin/vmprof" report \
		-i "$work/addresses.data" -s sym -n 0 --format "$1") |
		grep -c "$2" > "$work/count"
	[ "$(cat "$work/count")" = 2000000 ]
}

check two-million-rows-in-csv rows csv '^0x.* \[unknown\],1,'
check two-million-rows-in-json rows json '^      "sym": "0x'
check two-million-rows-in-text rows text '^  0x.* \[unknown\]  '
