# SPDX-License-Identifier: BSD-2-Clause
# bash completion of vmprof, exit-analyzer and vmtop. It asks the programs
# themselves what there is, so it never falls behind; what it asks them for is
# never there, so they do nothing.

_vmprof_commands() {
	echo --help --version
	"$1" --help 2> /dev/null | sed -n 's/^  \([a-z]\+\)  .*/\1/p'
}

# _vmprof_options PROGRAM [COMMAND]
_vmprof_options() {
	"$@" --help 2> /dev/null |
		sed -n 's/^ \{2,6\}\(-., \)\?\(--[a-z-]*\).*/\2/p'
}

# _vmprof_values OPTION PROGRAM [COMMAND]
_vmprof_values() {
	local option=$1

	shift
	"$@" "$option=?" 2>&1 < /dev/null |
		sed -n "1s/.*; valid: //p; 1s/.*'?' is not //p" |
		sed 's/ or /, /; s/, /\n/g'
}

# _vmprof_machines PROGRAM [COMMAND] OPTION: those that run
_vmprof_machines() {
	local run

	run=$("$@" '?' 2>&1 < /dev/null | sed -n 's/.*(none in \(.*\))$/\1/p')
	[ -z "$run" ] || find "$run" -mindepth 1 -maxdepth 1 -type d \
		-printf '%f\n' 2> /dev/null
}

# _vmprof_words CURRENT PREVIOUS PROGRAM [COMMAND]: nothing where files are
# meant
_vmprof_words() {
	local current=$1 previous=$2

	shift 2
	case $previous in
	--format|--sort) _vmprof_values "$previous" "$@" ;;
	--attach) _vmprof_machines "$@" --attach ;;
	--replay) ;;
	*)	case $#${1##*/}:$current in
		*:-*) _vmprof_options "$@" ;;
		1vmtop:*) _vmprof_machines "$@" --once ;;
		esac ;;
	esac
}

_vmprof() {
	local words=("${COMP_WORDS[@]:0:COMP_CWORD}") found
	local current=${COMP_WORDS[COMP_CWORD]} program=("${COMP_WORDS[0]}")

	# bash takes --format=csv for three words
	if [ "$current" = = ]; then
		current=
	elif [ "${words[-1]}" = = ]; then
		unset 'words[-1]'
	fi
	[ "${program[0]##*/}" = vmtop ] || program+=("${COMP_WORDS[1]}")
	if [ "$COMP_CWORD" -lt "${#program[@]}" ]; then
		found=$(_vmprof_commands "${program[0]}")
	else
		found=$(_vmprof_words "$current" "${words[-1]}" "${program[@]}")
	fi
	if [ -n "$found" ]; then
		mapfile -t COMPREPLY < <(compgen -W "$found" -- "$current")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
	fi
}
complete -o filenames -F _vmprof vmprof exit-analyzer vmtop
