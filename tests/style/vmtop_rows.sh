#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# vmtop(1) against vmtop's own tables (--list-rows): the page has every key,
# panel and column, and none that is not there; and no key does two things.
. tests/lib.sh

# items PAGE SECTION: what the .It lines of that section say, without macros
items() {
	sed -n "/^\\.Ss $2\$/,/^\\.S[sh] /s/^\\.It //p" "$1" |
		sed -e 's/\\&//g' -e 's/\<\(Cm\|No\|Sy\|Pq\)\> //g' | sort
}

# Each .It line of the columns with the line that follows it.
columns_of() {
	sed -n '/^\.Ss Columns$/,/^\.S[sh] /p' "$1" | awk '
		/^\.It / { sub(/^\.It /, ""); gsub(/(Sy|Pq|Cm) /, ""); item = $0; next }
		item { print item ": " $0; item = "" }' | sort
}

# page_is_true PAGE ROWS
page_is_true() {
	for of in key:Keys panel:Panels; do
		awk -F '\t' -v kind="${of%:*}" '
			$1 == kind { print kind == "key" ? $2 : $2 " " $3 }' \
			"$2" | sort > "$work/listed"
		items "$1" "${of#*:}" > "$work/named"
		[ -s "$work/listed" ] &&
			diff -u "$work/listed" "$work/named" >&2 || return
	done
	awk -F '\t' '$1 == "column" { print $3 " " $2 ": " $4 }' "$2" | sort \
		> "$work/listed"
	columns_of "$1" > "$work/named"
	[ -s "$work/listed" ] && diff -u "$work/listed" "$work/named" >&2
}

rows=$work/rows
"$O/bin/vmtop" --list-rows > "$rows"
check man-page-has-the-rows:vmtop page_is_true man/vmtop.1 "$rows"
check list-rows-is-hidden sh -c "! '$O/bin/vmtop' --help | grep list-rows"

# "1 to 8" is the panels' own
sed -n 's/^key\t\([^\t]*\)\t.*/\1/p' "$rows" | grep -v ' to ' | tr ' ' '\n' \
	> "$work/keys"
sed -n 's/^panel\t\([^\t]*\)\t.*/\1/p' "$rows" >> "$work/keys"
check each-key-does-one-thing sh -c \
	"[ -s '$work/keys' ] && [ -z \"\$(sort '$work/keys' | uniq -d)\" ]"

# The test itself: what is missing, or differs, is found.
refused() {
	! page_is_true "$1" "$rows"
}
for change in '/^\.It 8 Procs/d' '/^\.It Cm R$/d' 's/^\.It Cm w$/&x/' \
	'/^\.It Sy P99 /d' 's/^shortest$/longest/' \
	's/^\.It Cm 1 No to Cm .$/.It Cm 1 No to Cm 0/'; do
	sed "$change" man/vmtop.1 > "$work/changed.1"
	check "finds:$change" refused "$work/changed.1"
done
