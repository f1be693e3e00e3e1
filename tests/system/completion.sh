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
	for c in $("$O/bin/$p" --list-commands); do
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
same completes-sort-keys "comm cpl cpu cr3" "$(offers vmprof report --sort c)"
same completes-sort-keys-of-a-letter "vcpu vm" "$(offers vmprof report -s v)"
same completes-sort-keys-after-a-comma "reason,vcpu,sym" \
	"$(offers vmprof report -s reason,vcpu,s)"
same completes-no-sort-key-twice "reason,rip" \
	"$(offers vmprof report -s reason,r)"
same completes-fields "seq" "$(offers vmprof script -F se)"
same completes-after-a-flag "--quiet" "$(offers vmprof record --verbose --qu)"
same completes-no-text-of-its-own "none:" "none:$(offers vmprof record --append '')"
same completes-no-argument-where-none-is "none:" "none:$(offers vmprof report '')"

# zsh has it from the same file. It sorts out itself what does not begin as the
# word does, so a word that is whole but for its last letters is asked for.
# zsh_offers WORDS...: as offers, under the options that bashcompinit sets
zsh_offers() {
	# shellcheck disable=SC2016 # the inner shell's own
	PATH="$O/bin:$PATH" zsh -f -c '
		autoload -U +X compinit && compinit -u -d "$0/zcompdump"
		autoload -U +X bashcompinit && bashcompinit
		. scripts/completion.bash
		offer() {
			emulate -L sh
			setopt kshglob noshglob braceexpand
			COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
			_vmprof
			printf "%s\n" "${COMPREPLY[@]}"
		}
		offer "$@"' "$work" "$@" | grep "^$expect" | sort | paste -sd " "
}
if command -v zsh > /dev/null; then
	expect=rec
	same zsh-completes-commands "record" "$(zsh_offers vmprof rec)"
	expect=--so
	same zsh-completes-options "--sort" "$(zsh_offers vmprof report --so)"
	expect=reason,vc
	same zsh-completes-sort-keys "reason,vcpu" \
		"$(zsh_offers vmprof report -s reason,vc)"
	expect=--format=j
	same zsh-completes-formats "--format=json" \
		"$(zsh_offers vmprof report --format=j)"
else
	skip zsh-completes "there is no zsh"
fi
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
