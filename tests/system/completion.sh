#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# bash completes the programs' commands, options, values and machines. What
# --usage lists, which is printed by other code than --help, is all there.
. tests/system/lib.sh

# offers WORDS...: what the shell would offer for the last one, sorted.
offers() {
	PATH="$O/bin:$PATH" bash -c '
		. scripts/completion.bash
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		_vmprof
		printf "%s\n" "${COMPREPLY[@]}" | sort | paste -sd " "' \
		complete "$@"
}

options_of() {
	PATH="$O/bin:$PATH" "$@" --usage | grep -o -e '\[--[a-z-]*' |
		tr -d '[' | sort | paste -sd ' '
}

same completes-commands "record report" "$(offers vmprof re)"
same completes-commands-of-exit-analyzer "check compare" \
	"$(offers exit-analyzer c)"
for p in vmprof exit-analyzer; do
	for c in $("$O/bin/$p" --help | sed -n 's/^  \([a-z]\+\)  .*/\1/p'); do
		same "completes-all-options:$p-$c" "$(options_of $p "$c")" \
			"$(offers $p "$c" --)"
	done
done
same completes-all-options:vmtop "$(options_of vmtop)" "$(offers vmtop --)"
same completes-one-option "--sort" "$(offers vmprof report --so)"
same completes-formats "csv json text" "$(offers vmtop --format '')"
same completes-formats-after-equals "json-lines" \
	"$(offers vmprof script --format = js)"
same completes-formats-at-equals "csv json text" \
	"$(offers vmprof report --format =)"
same completes-formats-of-exit-analyzer "json junit" \
	"$(offers exit-analyzer check --format j)"
same completes-sort-keys "cpl cpu cr3" "$(offers vmprof report --sort c)"
mkdir "$work/dir"
touch "$work/dir/one.data" "$work/dir/two.data"
same completes-files "$work/dir/one.data" \
	"$(offers vmprof report -i "$work/dir/o")"
same completes-traces-to-replay "$work/dir/two.data" \
	"$(offers vmtop --replay "$work/dir/t")"

fake=$O/san/tests/vmtop/fake_machine
[ -x "$fake" ] || fake=$O/tests/vmtop/fake_machine
for m in apple pear; do
	"$fake" $m 10 60 > "$work/$m.fake" &
	pids="$pids $!"
	until_true 10 grep -q running "$work/$m.fake"
done
same completes-machines "apple pear" "$(offers vmtop '')"
same completes-a-machine "pear" "$(offers vmtop p)"
same completes-a-machine-to-attach-to "apple" \
	"$(offers vmprof record --attach a)"
