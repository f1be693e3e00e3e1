/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Damage of a trace as JSON: an array, empty for a whole trace.
 */
#include "reports/damage_json.h"

static void tsc_json(struct json_out *j, const char *name, uint64_t tsc)
{
	if (tsc)
		json_out_number(j, name, tsc);
	else
		json_out_null(j, name);
}

void damage_json(struct json_out *j, const struct trace_damage *damage,
		 size_t count)
{
	json_out_array(j, "damage");
	for (size_t i = 0; i < count; i++) {
		const struct trace_damage *d = &damage[i];

		json_out_object(j, NULL);
		json_out_number(j, "from_byte", d->from_byte);
		json_out_number(j, "to_byte", d->to_byte);
		json_out_text(j, "why", d->why);
		json_out_number(j, "records", d->records);
		json_out_bool(j, "at_least", d->at_least);
		tsc_json(j, "from_tsc", d->from_tsc);
		tsc_json(j, "to_tsc", d->to_tsc);
		json_out_object_end(j);
	}
	json_out_array_end(j);
}
