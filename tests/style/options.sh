#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The man pages against the programs' own tables (--list-options): each page
# has every option with its letter, every value that an option takes, and no
# option that is not there.
. tests/lib.sh

# named PAGE [LINES]: "Fl -sort" and "Cm json", one a line, of what a page has
# in all lines, or in these.
named() {
	sed -n -e 's/\\&//g' -e 's/\\-/-/g' -e 's/[][,;.()]/ /g' \
		-e "/^ *${2:-}/p" "$1" |
		awk '{
			for (i = 1; i < NF; i++)
				if ($i == "Fl" || $i == "Cm")
					print $i, $(i + 1)
		}' | sort -u
}

# The same of a listing.
listed() {
	awk -F '\t' '
	$1 { print "Fl " substr($1, 2) }
	$2 { print "Fl " substr($2, 2) }
	$4 == "values" || $4 == "list" {
		n = split($5, value, ",")
		for (i = 1; i <= n; i++)
			print "Cm " value[i]
	}' "$1" | sort -u
}

# page_is_true PAGE LISTING: says what is missing there, and what is too much
page_is_true() {
	listed "$2" | grep -v -e '^Fl -usage$' > "$work/listed"
	named "$1" | comm -23 "$work/listed" - > "$work/missing"
	named "$1" It | grep '^Fl ' | comm -13 "$work/listed" - \
		> "$work/surplus"
	sed 's/^/missing: /' "$work/missing" >&2
	sed 's/^/not there: /' "$work/surplus" >&2
	[ -s "$work/listed" ] && [ ! -s "$work/missing" ] &&
		[ ! -s "$work/surplus" ]
}

# names_commands PAGE PROGRAM: it refers to the page of each command.
names_commands() {
	left=0
	for c in $("$O/bin/$2" --list-commands); do
		grep -q "^\.\(It \)\?Xr $2-$c 1" "$1" && continue
		echo "missing: $c" >&2
		left=1
	done
	return $left
}

for p in vmprof exit-analyzer; do
	check man-page-names-the-commands:$p names_commands "man/$p.1" $p
	for c in $("$O/bin/$p" --list-commands); do
		"$O/bin/$p" "$c" --list-options > "$work/$p-$c"
		check "man-page-has-the-options:$p-$c" \
			page_is_true "man/$p-$c.1" "$work/$p-$c"
	done
done
"$O/bin/vmtop" --list-options > "$work/vmtop"
check man-page-has-the-options:vmtop page_is_true man/vmtop.1 "$work/vmtop"

# The test itself: one thing less, or one more, is found.
refused() {
	! page_is_true "$1" "$2"
}
sed 's/vmprof-script 1/vmprof-data 5/' man/vmprof.1 > "$work/less.1"
unnamed() {
	! names_commands "$1" "$2"
}
check finds-a-missing-command unnamed "$work/less.1" vmprof
page=man/vmprof-report.1 list=$work/vmprof-report
for less in 'Fl -cycles' 'Cm json' 'Fl n'; do
	sed "s/$less/Em it/g" $page > "$work/less.1"
	check "finds-what-is-missing:$less" refused "$work/less.1" "$list"
done
sed 's/^\.It Fl -cycles/&-and-more/' $page > "$work/more.1"
check finds-what-is-not-there refused "$work/more.1" "$list"
