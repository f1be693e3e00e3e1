/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The member "damage" of every JSON object about a trace.
 */
#ifndef REPORTS_DAMAGE_JSON_H
#define REPORTS_DAMAGE_JSON_H

#include "reports/json_out.h"
#include "tracer/event/trace_damage.h"

void damage_json(struct json_out *j, const struct trace_damage *damage,
		 size_t count);

#endif
