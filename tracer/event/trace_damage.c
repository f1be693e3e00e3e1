/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Words for a part of a trace file that is left out.
 */
#include "tracer/event/trace_damage.h"

#include <inttypes.h>
#include <stdio.h>

static double seconds(uint64_t tsc, uint64_t khz)
{
	return (double)tsc / (1e3 * (double)khz);
}

static void records_text(const struct trace_damage *d, char *to, size_t bytes)
{
	if (!d->records && d->at_least)
		snprintf(to, bytes, "nothing tells how many records are left "
			 "out");
	else if (!d->records)
		snprintf(to, bytes, "no records are left out");
	else
		snprintf(to, bytes, "%s%" PRIu64 " record%s left out",
			 d->at_least ? "at least " : "", d->records,
			 d->records == 1 ? " is" : "s are");
}

void trace_damage_text(const struct trace_damage *d, uint64_t tsc_khz,
		       char *to, size_t bytes)
{
	char records[64], when[80] = "";

	records_text(d, records, sizeof(records));
	if (d->from_tsc && d->to_tsc)
		snprintf(when, sizeof(when), ", from %.6f s to %.6f s",
			 seconds(d->from_tsc, tsc_khz),
			 seconds(d->to_tsc, tsc_khz));
	else if (d->from_tsc)
		snprintf(when, sizeof(when), ", from %.6f s on",
			 seconds(d->from_tsc, tsc_khz));
	else if (d->to_tsc)
		snprintf(when, sizeof(when), ", up to %.6f s",
			 seconds(d->to_tsc, tsc_khz));
	snprintf(to, bytes, "byte %" PRIu64 " to byte %" PRIu64 ": %s; %s%s",
		 d->from_byte, d->to_byte, d->why, records, when);
}
