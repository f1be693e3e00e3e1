#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# "How to add" of HACKING.md is true to the last step. Each script of
# tests/how_to_add adds something to a scratch copy of the tree: it changes the
# files that its section there names, and no other. The copy is built, and
# what was added is in --help, in the output, in completion and in the page.
. tests/lib.sh

O=${O:-$PWD/build}
copy=$work/copy

# The tree without what the tests leave, and what was built from it, so that
# only what changes is built anew. The flags have the name of the tree.
mkdir "$copy" "$copy/build"
tar -c --exclude=./build --exclude=./.git . | tar -x -C "$copy"
(cd "$O" && tar -c --exclude=./san --exclude=./fuzz --exclude=./guest \
	--exclude=./check .) | tar -x -C "$copy/build"
sed -i "s|$PWD=|$copy=|g" "$copy/build/flags"

# section TITLE: what HACKING.md says about it, a line
section() {
	awk -v title="**$1.**" '
		/^\*\*/ || /^#/ { inside = index($0, title) == 1 }
		inside { printf "%s ", $0 }' HACKING.md
}

# The files that a section names, as patterns: NAME is any word.
# shellcheck disable=SC2016 # backticks of the text
named() {
	section "$1" | grep -o '`[^` ]*/[^` ]*`' | tr -d '`' |
		sed -e 's/[.]/\\./g' -e 's/[A-Z][A-Z]*/[A-Za-z0-9_-]*/g' \
			-e 's/.*/^&$/' | sort -u
}

# as_told NAME TITLE: the script changes what the section names
as_told() {
	touch "$work/before"
	(cd "$copy" && sh -e "tests/how_to_add/$1.sh") || return
	(cd "$copy" && find . -path ./build -prune -o -type f \
		-newer "$work/before" -print) | sed 's|^\./||' > "$work/changed"
	named "$2" > "$work/named"
	grep -v -f "$work/named" "$work/changed" |
		sed "s|^|changed, but not in \"$2\": |" > "$work/differs"
	while read -r pattern; do
		grep -q -e "$pattern" "$work/changed" ||
			echo "in \"$2\", but not changed: $pattern"
	done < "$work/named" >> "$work/differs"
	cat "$work/differs" >&2
	[ -s "$work/changed" ] && [ -s "$work/named" ] &&
		[ ! -s "$work/differs" ]
}

check as-told:format as_told format "A format"
check as-told:verdict_format as_told verdict_format \
	"A format of exit-analyzer check"
check as-told:option as_told option "An option"
check as-told:key as_told key "A sort key"
check as-told:panel as_told panel "A panel of vmtop"
check as-told:device as_told device "A device"
check as-told:all-that-there-are test 6 -eq \
	"$(find tests/how_to_add -name '*.sh' | wc -l)"

make_copy() {
	make -s -C "$copy" O=build core tools build/tests/golden/make_trace \
		build/tests/guest/tally.elf build/tests/unit/platform_test
}
check copy-builds make_copy

vmprof() {
	"$copy/build/bin/vmprof" "$@"
}

# has TEXT COMMAND...: that prints it
has() {
	has_text=$1
	shift
	"$@" 2>&1 | grep -e "$has_text"
}

# offers WORDS...: what the shell would offer for the last one
offers() {
	PATH="$copy/build/bin:$PATH" bash -c '
		. "$0/scripts/completion.bash"
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_vmprof
		printf "%s\n" "${COMPREPLY[@]}"' "$copy" "$@"
}

mkdir "$work/traces"
"$copy/build/tests/golden/make_trace" "$work/traces"
trace=$work/traces/svm.data
check format-is-in-help has 'tally' vmprof report --help
check format-prints has '^2 tables$' vmprof report -i "$trace" --format tally
check format-completes has '^tally$' offers vmprof report --format ta
results=tests/golden/exit-analyzer/check-names-functions
check verdict-format-is-in-help has 'word' "$copy/build/bin/exit-analyzer" \
	check --help
check verdict-format-prints has '^.*old.json: ok$' \
	"$copy/build/bin/exit-analyzer" check --format word \
	--baseline $results/old.json $results/old.json
check verdict-format-completes has '^word$' \
	offers exit-analyzer check --format wo
check option-is-in-help has '^  -b, --brief ' vmprof info --help
says_nothing() {
	said=$("$@") && [ -z "$said" ]
}
check option-acts says_nothing vmprof info -i "$trace" --brief
check option-completes has '^--brief$' offers vmprof info --br
check key-is-in-help has '\<code\>' vmprof report --help
check key-prints has '^code,count,' vmprof report -i "$trace" -s code \
	--format csv
check key-completes has '^reason,code$' offers vmprof report -s reason,co

vmtop() {
	"$copy/build/bin/vmtop" "$@"
}
check panel-is-listed has '^panel	9	Causes$' vmtop --list-rows
check panel-prints has '^Causes$' vmtop --once --replay "$trace"

check device-is-where-it-says "$copy/build/tests/unit/platform_test"
check device-answers has '^tally-guest: reads 4$' env \
	VMPROF_RUNDIR="$work/run" timeout 60 "$copy/build/bin/vmprof" record -q \
	--deterministic --kernel "$copy/build/tests/guest/tally.elf" \
	-o "$work/tally.data"
check device-is-in-reports has '^tally,4,' vmprof report \
	-i "$work/tally.data" -s device --format csv
check device-is-in-vmtop has "\"device\": *\"tally\"" vmtop --once --format json \
	--replay "$work/tally.data"

# The tests of the copy find all of it, too, as soon as it is accepted.
golden() {
	(cd "$copy" && O=$copy/build tests/golden/run "$@")
}
added=$(cd "$copy/tests/golden" && for case in */*/cmd; do
	[ -e "$OLDPWD/tests/golden/$case" ] || echo "${case%/cmd}"
done)
# shellcheck disable=SC2086 # one word a test
UPDATE=1 golden $added > "$work/accepted"
# shellcheck disable=SC2086
check golden-tests-pass golden $added
# an error must not be what was accepted
failed() {
	for case in $added; do
		[ ! -e "$copy/tests/golden/$case/status" ] || echo "$case"
	done
}
check golden-tests-end-with-0 says_nothing failed
style() {
	(cd "$copy" && O=$copy/build "tests/style/$1.sh") > "$work/style"
	! grep '^not ok' "$work/style"
}
check man-pages-are-held style options
check man-page-of-vmtop-is-held style vmtop_rows
check arrows-are-held style arrows
