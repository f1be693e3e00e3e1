# SPDX-License-Identifier: BSD-2-Clause
# Completion of vmprof, exit-analyzer and vmtop for bash, and for zsh with its
# bashcompinit. The programs list what there is: --list-commands a name a line,
# --list-options a line for each option, with tabs between its name, its
# letter, its argument, what to offer for that, and the values; the line
# without a name is for arguments.

# _vmprof_row OPTION PROGRAM [COMMAND]: "OFFER VALUES" of an option, by its
# name or letter; of arguments, if it is ''
_vmprof_row() {
	local option=$1

	shift
	"$@" --list-options 2> /dev/null | awk -F '\t' -v option="$option" \
		'$1 == option || (option != "" && $2 == option) {
			print $4, $5
		}'
}

# _vmprof_list CURRENT VALUES: CURRENT with each value as its last, but those
# that it has already
_vmprof_list() {
	awk -v current="$1" -v values="$2" 'BEGIN {
		before = current
		sub(/[^,]*$/, "", before)
		n = split(values, value, ",")
		for (i = 1; i <= n; i++)
			if (index("," before, "," value[i] ",") == 0)
				print before value[i]
	}'
}

# _vmprof_words CURRENT PREVIOUS PROGRAM [COMMAND]: the words to choose from;
# "/" where files are meant
_vmprof_words() {
	local current=$1 previous=$2 row=

	shift 2
	case $previous in
	-*) row=$(_vmprof_row "$previous" "$@") ;;
	esac
	case $row:$current in
	:-* | flag*:-*)
		"$@" --list-options 2> /dev/null | cut -f 1
		return ;;
	esac
	case $row in
	'' | flag*) row=$(_vmprof_row '' "$@") ;;
	esac
	case $row in
	files*) echo / ;;
	list*) _vmprof_list "$current" "${row#* }" ;;
	values* | machines*) echo "${row#* }" | tr , '\n' ;;
	esac
}

_vmprof() {
	local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]}
	local previous='' prefix='' at=$((COMP_CWORD - 1)) found

	# bash takes --format=csv for three words, zsh for one
	case $current:${COMP_WORDS[at]} in
	=:*)	current= ;;
	*:=)	at=$((at - 1)) ;;
	--*=*)	prefix=${current%%=*}=
		current=${current#*=} ;;
	esac
	[ "$at" -lt 1 ] || previous=${COMP_WORDS[at]}
	[ -z "$prefix" ] || previous=${prefix%=}
	if [ "${program##*/}" = vmtop ]; then
		found=$(_vmprof_words "$current" "$previous" "$program")
	elif [ "$COMP_CWORD" -eq 1 ]; then
		found=$(echo --help; echo --version
			"$program" --list-commands 2> /dev/null)
	else
		[ "$at" -gt 1 ] || [ -n "$prefix" ] || previous=
		found=$(_vmprof_words "$current" "$previous" "$program" \
			"${COMP_WORDS[1]}")
	fi
	# no mapfile in zsh; names of files may have blanks in them
	local IFS='
'
	# shellcheck disable=SC2207
	if [ "$found" = / ]; then
		COMPREPLY=($(compgen -P "$prefix" -f -- "$current"))
	else
		COMPREPLY=($(compgen -P "$prefix" -W "$found" -- "$current"))
	fi
}
complete -o filenames -F _vmprof vmprof exit-analyzer vmtop
