#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The same trace gives the same bytes: every command that reads one, in every
# format, whatever the time, the time zone and the addresses of memory are.
. tests/lib.sh

O=$(realpath "${O:-build}")
PATH=$O/bin:$PATH

mkdir "$work/traces"
"$O/tests/golden/make_trace" "$work/traces" || exit 1
cd "$work/traces" || exit 1

# again COMMAND...: where memory begins elsewhere, at another time.
again() {
	TZ=Asia/Tokyo PADDING=$(head -c 3000 /dev/zero | tr '\0' x) \
		setarch -R "$@"
}

# same NAME COMMAND...: for each trace; a refusal is an output, too.
same() {
	same_name=$1
	shift
	: > "$work/differ"
	: > "$work/all"
	for trace in *.data; do
		"$@" "$trace" > "$work/one" 2>&1
		again "$@" "$trace" > "$work/two" 2>&1
		"$@" "$trace" > "$work/three" 2>&1
		for other in two three; do
			cmp "$work/one" "$work/$other" >> "$work/differ" 2>&1 ||
				echo "$trace: $*" >> "$work/differ"
		done
		cat "$work/one" >> "$work/all"
	done
	[ -s "$work/all" ] || echo "nothing was printed" >> "$work/differ"
	check "same-bytes:$same_name" nothing_differs
}

nothing_differs() {
	cat "$work/differ" >&2
	[ ! -s "$work/differ" ]
}

keys=reason,sym,vm,vcpu,cpu,cr3,cpl,process,comm,pid,device,port,msr,gpa,rip
for format in text csv json; do
	same "report-$format" vmprof report --all --format $format -i
	same "report-by-all-keys-$format" vmprof report --all \
		-s "$keys,asid,hypercall,detail" --format $format -i
	same "vmtop-$format" vmtop -b -d 0.05 --format $format --replay
	same "vmtop-once-$format" vmtop --once -s "$keys,detail" \
		--format $format --replay
done
for format in text csv json-lines; do
	same "script-$format" vmprof script --format $format -i
done
for format in text json; do
	same "info-$format" vmprof info --format $format -i
done
