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
forbidden vmm-core/vcpu/a.c vmm-core/svm/b.h
forbidden vmm-core/vmx/a.c vmm-core/svm/b.h
forbidden vmm-core/svm/a.c vmm-core/vmx/b.h
forbidden vmm-core/boot/a.S machine/b.h
forbidden machine/a.c vmm-core/lib/b.h
forbidden tracer/file/a.c vmm-core/mm/b.h
forbidden tracer/source/a.h exit-analyzer/b.h
forbidden tracer/source/a.c machine/b.h
forbidden exit-analyzer/a.c reports/b.h
forbidden reports/a.c vmprof/b.h
forbidden vmtop/a.c reports/b.h
forbidden vmprof/a.c vmm-core/svm/b.h
forbidden command/a.c tracer/b.h
forbidden machine/a.c command/b.h
forbidden reports/a.c command/b.h
allowed vmm-core/svm/a.c vmm-core/vcpu/b.h
allowed tracer/guest/a.c vmm-core/abi/b.def
allowed exit-analyzer/a.c tracer/symbol/b.h
allowed reports/a.c exit-analyzer/b.h
allowed vmprof/a.c machine/b.h
allowed vmtop/a.c command/b.h
allowed command/a.c machine/b.h

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
