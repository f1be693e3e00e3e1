/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A part of a trace file that makes no sense and is left out.
 */
#ifndef TRACER_EVENT_TRACE_DAMAGE_H
#define TRACER_EVENT_TRACE_DAMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trace_damage {
	uint64_t from_byte, to_byte;
	const char *why;	/* static text */
	uint64_t records;	/* that are missing, as the others' numbers tell */
	bool at_least;		/* or more: nothing behind it tells */
	/* of the last record before it, and of the first behind it; 0: none */
	uint64_t from_tsc, to_tsc;
};

#define TRACE_DAMAGE_TEXT_BYTES 320

/* "byte 9000 to byte 13096: WHY; 8192 records are left out, from ..."; times
 * are seconds of the TSC. */
void trace_damage_text(const struct trace_damage *d, uint64_t tsc_khz,
		       char *to, size_t bytes);

#endif
