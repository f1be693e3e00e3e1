#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Includes obey the arrows; and check-arrows finds those that do not.
. tests/lib.sh

check includes-obey-arrows scripts/check-arrows

# plant INCLUDER INCLUDED: a tree with this include and no other.
plant() {
	rm -rf "$work/tree"
	mkdir -p "$work/tree/$(dirname "$1")" "$work/tree/$(dirname "$2")"
	: > "$work/tree/$2"
	printf '/* */\n#include "%s"\n' "$2" > "$work/tree/$1"
}

forbidden() {
	plant "$1" "$2"
	fails "forbidden:$(dirname "$1")-to-$(dirname "$2")" 1 "^$1:2: .*$2" \
		sh -c "scripts/check-arrows '$work/tree' >&2"
}

allowed() {
	plant "$1" "$2"
	check "allowed:$(dirname "$1")-to-$(dirname "$2")" \
		scripts/check-arrows "$work/tree"
}

forbidden vmm-core/abi/a.h vmm-core/lib/b.h
forbidden vmm-core/lib/a.c vmm-core/cpu/b.h
forbidden vmm-core/mm/a.c vmm-core/cpu/b.h
forbidden vmm-core/cpu/a.c vmm-core/dev/b.h
forbidden vmm-core/trace/a.c vmm-core/vcpu/b.h
forbidden vmm-core/dev/a.c vmm-core/vcpu/b.h
forbidden vmm-core/dev/a.c vmm-core/trace/b.h
forbidden vmm-core/vcpu/a.c vmm-core/exit/b.h
forbidden vmm-core/vcpu/a.c vmm-core/svm/b.h
forbidden vmm-core/exit/a.c vmm-core/svm/b.h
forbidden vmm-core/vmx/a.c vmm-core/svm/b.h
forbidden vmm-core/svm/a.c vmm-core/vmx/b.h
forbidden vmm-core/svm/a.c vmm-core/boot/b.h
forbidden vmm-core/boot/a.S machine/b.h
forbidden machine/a.c vmm-core/lib/b.h
forbidden machine/a.c command/b.h
forbidden tracer/file/a.c vmm-core/mm/b.h
forbidden tracer/file/a.c tracer/source/b.h
forbidden tracer/symbol/a.c tracer/guest/b.h
forbidden tracer/source/a.h exit-analyzer/stats/b.h
forbidden tracer/source/a.c machine/b.h
forbidden exit-analyzer/stats/a.c exit-analyzer/live/b.h
forbidden exit-analyzer/live/a.c reports/b.h
forbidden exit-analyzer/judge/a.c exit-analyzer/measure/b.h
forbidden exit-analyzer/format/a.c exit-analyzer/cmd/b.h
forbidden reports/a.c vmprof/b.h
forbidden reports/a.c command/b.h
forbidden vmtop/watch/a.c vmtop/table/b.h
forbidden vmtop/batch/a.c vmtop/screen/b.h
forbidden vmprof/a.c vmm-core/svm/b.h
forbidden vmprof/a.c vmtop/watch/b.h
forbidden command/a.c tracer/event/b.h
allowed vmm-core/svm/a.c vmm-core/vcpu/b.h
allowed vmm-core/boot/a.c vmm-core/lib/b.h
allowed tracer/guest/a.c vmm-core/abi/b.def
allowed exit-analyzer/live/a.c exit-analyzer/stats/b.h
allowed exit-analyzer/measure/a.c tracer/symbol/b.h
allowed reports/a.c exit-analyzer/stats/b.h
allowed vmprof/a.c machine/b.h
allowed vmtop/screen/a.c command/b.h
allowed command/a.c machine/b.h

# circle NAME FOLDER FOLDER: two files that include each other.
circle() {
	rm -rf "$work/tree"
	mkdir -p "$work/tree/$2" "$work/tree/$3"
	printf '#include "%s"\n' "$3/b.h" > "$work/tree/$2/a.h"
	printf '#include "%s"\n' "$2/a.h" > "$work/tree/$3/b.c"
	: > "$work/tree/$3/b.h"
	fails "$1" 1 "^circle of files: $4" \
		sh -c "scripts/check-arrows '$work/tree' >&2"
}

circle circle-inside-a-folder reports reports 'reports/b reports/a'
circle circle-inside-the-core vmm-core/vcpu vmm-core/vcpu 'vmm-core/vcpu/'
circle circle-between-floors vmm-core/dev vmm-core/vcpu 'vmm-core/'
circle circle-between-folders tracer/file tracer/source 'tracer/'

mkdir -p "$work/stray/tracer/attic"
: > "$work/stray/tracer/attic/a.c"
echo '/* */' > "$work/stray/tracer/attic/b.c"
fails every-room-has-a-row 1 '^tracer/attic/b.c:1: tracer/attic has no row' \
	sh -c "scripts/check-arrows '$work/stray' >&2"

# the table with one more row, and the list with one more line
sed 's|^vmm-core/abi:$|vmm-core/abi: reports|' scripts/check-arrows \
	> "$work/check-arrows"
fails rows-do-not-lead-back 1 'check-arrows: the row of reports leads back' \
	sh -c "sh '$work/check-arrows' . >&2"
sed "/^exceptions='/a reports/json" scripts/check-arrows > "$work/check-arrows"
fails exceptions-only-shrink 1 'not needed any more: reports/json' \
	sh -c "sh '$work/check-arrows' . >&2"

# full FOLDER: says so if it has more than thirty sources.
full() {
	n=$(find "$1" -maxdepth 1 -name '*.[cS]' | wc -l)
	[ "$n" -le 30 ] || echo "$1: $n source files"
}

find command machine guests vmm-core tracer exit-analyzer reports vmprof \
	vmtop -type d | while read -r folder; do full "$folder"; done \
	> "$work/full"
check no-folder-is-full test ! -s "$work/full"
if [ -s "$work/full" ]; then sed 's/^/# /' "$work/full"; fi

# headers that the core has no libc for
mkdir -p "$work/bare/vmm-core/mm"
printf '#include <stdio.h>\n' > "$work/bare/vmm-core/mm/a.c"
fails core-has-no-libc 1 '^vmm-core/mm/a.c:1: .*stdio' \
	sh -c "scripts/check-arrows '$work/bare' >&2"

mkdir -p "$work/relative/reports"
: > "$work/relative/reports/b.h"
printf '#include "b.h"\n' > "$work/relative/reports/a.c"
fails paths-start-at-the-root 1 '^reports/a.c:1: .*b.h' \
	sh -c "scripts/check-arrows '$work/relative' >&2"
