#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Standard descriptors that are closed or full, of every program and command:
# messages never reach another file, a result that is lost is an error, and a
# machine starts whatever its starter has closed.
. tests/system/lib.sh

vmtop=$O/bin/vmtop
analyzer=$O/bin/exit-analyzer
tiny=$O/tests/guest/cpuid.elf
whole=$work/whole.data
PATH=$O/bin:$PATH
export XDG_CONFIG_HOME="$work"

# with CLOSED COMMAND...: runs it with these descriptors closed; stdout and
# stderr are kept otherwise.
with() {
	closed=$1
	shift
	case $closed in
	none) timeout 60 "$@" > "$work/result.out" 2> "$work/result.err" < /dev/null ;;
	0) timeout 60 "$@" > "$work/result.out" 2> "$work/result.err" <&- ;;
	1) timeout 60 "$@" >&- 2> "$work/result.err" < /dev/null ;;
	2) timeout 60 "$@" > "$work/result.out" 2>&- < /dev/null ;;
	both) timeout 60 "$@" >&- 2>&- < /dev/null ;;
	all) timeout 60 "$@" <&- >&- 2>&- ;;
	full) timeout 60 "$@" > /dev/full 2> "$work/result.err" < /dev/null ;;
	esac
}

# ends NAME CLOSED STATUS COMMAND...
ends() {
	name=$1-without-$2 closed=$2 want=$3
	shift 3
	: > "$work/result.out"
	: > "$work/result.err"
	with "$closed" "$@"
	same "$name" "$want" $?
}

record whole --kernel "$tiny"
check whole-reads facts "${whole%.data}"
exits=$(fact "$work/whole" reason.cpuid)

# A machine that starts beside closed descriptors gives the same trace.
for closed in none 0 1 2 both all full; do
	rm -f "$work/d.data"
	ends record "$closed" 0 "$vmprof" record -v -o "$work/d.data" \
		--kernel "$tiny"
	check "record-without-$closed-reads" facts "$work/d"
	same "record-without-$closed-has-all" "$exits" \
		"$(fact "$work/d" reason.cpuid)"
	ends record-of-no-kernel "$closed" 1 "$vmprof" record \
		-o "$work/none.data" --kernel "$work/no-such-kernel"
	check "record-of-no-kernel-without-$closed-makes-no-file" \
		test ! -e "$work/none.data"
done

# Readers of a trace: a result that nobody gets is an error, one with -o not.
for closed in none 0 2; do
	for command in report script info; do
		ends $command "$closed" 0 "$vmprof" $command -i "$whole"
		check "$command-without-$closed-prints" test -s "$work/result.out"
		ends $command-of-nothing "$closed" 1 "$vmprof" $command \
			-i "$work/no.data"
		ends $command-of-junk "$closed" 1 "$vmprof" $command -i /bin/sh
	done
	ends vmtop "$closed" 0 "$vmtop" --replay "$whole" -b
	ends exit-analyzer-list "$closed" 1 "$analyzer" list "$work/no.json"
	ends unknown-command "$closed" 2 "$vmprof" no-such
done
for closed in 1 full; do
	for command in report script info; do
		ends $command "$closed" 1 "$vmprof" $command -i "$whole"
		check "$command-without-$closed-is-said" \
			grep -q 'cannot write' "$work/result.err"
	done
	ends vmtop "$closed" 1 "$vmtop" --replay "$whole" -b
	for program in "$vmprof" "$vmtop" "$analyzer"; do
		ends "${program##*/}-help" "$closed" 1 "$program" --help
		ends "${program##*/}-version" "$closed" 1 "$program" --version
	done
done
# A trace that was cut makes them print a message, too.
head -c -100 "$whole" > "$work/cut.data"
with none "$vmprof" report -i "$work/cut.data"
cp "$work/result.out" "$work/wanted"
for closed in 1 2 both all; do
	rm -f "$work/result"
	ends report-into-a-file "$closed" 0 "$vmprof" report \
		-i "$work/cut.data" -o "$work/result"
	check "report-into-a-file-without-$closed-is-whole" \
		cmp "$work/result" "$work/wanted"
done

# A descriptor for programs: key=value, beside the messages for people.
"$vmprof" record -q -o "$work/s.data" --kernel "$tiny" --name tiny \
	--status-fd 3 > "$work/result.out" 2> "$work/result.err" \
	3> "$work/status"
facts "$work/s"
same status-is-all-there \
	"machine=tiny output=$work/s.data state=recording events=$(fact \
	"$work/s" cpu0.read) missed=0 bytes=$(wc -c < "$work/s.data") state=done " \
	"$(tr '\n' ' ' < "$work/status")"
check quiet-says-nothing test ! -s "$work/result.err"
"$vmprof" record -o "$work/s.data" --kernel "$work/no
such" --status-fd 3 > "$work/result.out" 2> "$work/result.err" 3> "$work/status"
check status-has-the-error-in-a-line \
	grep -q "^error=.*no?such" "$work/status"
same status-of-a-failure state=failed "$(tail -n 1 "$work/status")"
fails status-to-a-closed-descriptor 2 "open descriptor" "$vmprof" record \
	--kernel "$tiny" --status-fd 99
check nothing-left-behind nothing_left
