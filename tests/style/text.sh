#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Checks of the text alone: scripts parse, files open with their
# licence and stay readable in length, man pages are well formed. (shellcheck
# does not see what lib.sh defines.)
. tests/lib.sh

rooms="command machine guests vmm-core tracer exit-analyzer reports vmprof
	vmtop tests"
scripts=$(find scripts tests .ci -type f -exec grep -lE '^#!/bin/sh' {} + |
	LC_ALL=C sort)

each() {
	for f in $scripts; do
		"$@" "$f" || return
	done
}

licensed() {
	# shellcheck disable=SC2086 # one word a room
	missing=$(find $rooms scripts -type f \( -name '*.[chS]' -o -name '*.def' \
		-o -name '*.lds' -o -name '*.asl' -o -name '*.sh' \) -exec grep -L 'SPDX-License-Identifier: BSD-2-Clause' {} +)
	[ -z "$missing" ] || echo "$missing" >&2
	[ -z "$missing" ]
}

readable() {
	# shellcheck disable=SC2086
	find $rooms -type f -name '*.[chS]' -exec wc -l {} + |
	awk '$2 != "total" && $1 > 600 { print; n++ } END { exit n > 0 }' >&2
}

check scripts-are-posix-sh each dash -n
check scripts-pass-shellcheck each shellcheck -s sh -e SC1091,SC2154
check files-carry-the-licence licensed
check no-file-above-600-lines readable
for page in man/*.[15]; do
	check "lint-$(basename "$page")" mandoc -T lint -W warning "$page"
done

# prose NAME LINE: check-prose must find the line.
prose() {
	printf '%s\n' "$2" > "$work/planted.c"
	fails "prose-finds-$1" 1 planted.c:1: \
		sh -c "scripts/check-prose '$work/planted.c' >&2"
}

check prose-reads-once scripts/check-prose
prose an-object-first '/* What does not move in it ends it. */'
prose an-object-first-later ' * one part. Of several the first counts.'
prose is-no 'printf("%s is no size");'
prose are-none '/* losses are none */'
prose cannot-be '/* a number of CPUs that cannot be */'
prose is-said '/* the place is said */'
printf '%s\n' '/* There is no longer a row that cannot be read. */' > "$work/fine.c"
check prose-lets-good-english-be scripts/check-prose "$work/fine.c"
