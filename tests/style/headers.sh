#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Headers stand alone; and check-headers finds those that do not.
. tests/lib.sh

check every-header-compiles-alone scripts/check-headers

# plant NAME HEADER TEXT: check-headers must name the header.
plant() {
	rm -rf "$work/tree"
	mkdir -p "$work/tree/$(dirname "$2")"
	printf '%s\n' "$3" > "$work/tree/$2"
	fails "$1" 1 "^$2:1:" sh -c "scripts/check-headers '$work/tree' >&2"
}

plant missing-type-is-found vmm-core/lib/planted.h 'u64 planted(void);'
plant missing-include-is-found command/planted.h 'uint64_t planted(void);'
plant missing-guard-is-found tracer/planted.h 'struct planted { int x; };'
plant libc-in-abi-is-found vmm-core/abi/planted.h \
	'static inline void planted(void) { __builtin_ia32_pause(); }'
plant sse-in-core-is-found vmm-core/mm/planted.h \
	'static inline double planted(double x) { return x * 2; }'
