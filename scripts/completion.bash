# SPDX-License-Identifier: BSD-2-Clause
# bash completion of vmprof. It asks the program itself what there is, so it
# never falls behind.

_vmprof() {
	local current=${COMP_WORDS[COMP_CWORD]} program=${COMP_WORDS[0]}
	local words

	if [ "$COMP_CWORD" -eq 1 ]; then
		words="--help --version $("$program" --help 2> /dev/null |
			sed -n 's/^  \([a-z]\+\)  .*/\1/p')"
	elif [ "${current#-}" != "$current" ]; then
		words=$("$program" "${COMP_WORDS[1]}" --help 2> /dev/null |
			grep -o -e '--[a-z][a-z-]*' | sort -u)
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o filenames -F _vmprof vmprof
