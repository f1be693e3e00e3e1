/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records as JSON, an object a line. Written by hand, not by a library: no
 * value needs escapes but symbols, whose quotes and backslashes are replaced.
 */
#include "reports/script.h"

void script_json_event(struct script *s, const struct event_header *ev,
		       unsigned int cpu)
{
	const struct script_field *f;
	char mark = '{';

	for (f = script_fields(ev->id); f->kind != SCRIPT_END; f++) {
		bool known = script_field_known(s, f, ev);
		bool quote = known && script_field_is_text(s, f, ev);

		if (s->any_chosen && !s->chosen[f->column])
			continue;
		out_char(&s->out, mark);
		mark = ',';
		out_char(&s->out, '"');
		out_text(&s->out, script_column_name(f->column));
		out_text(&s->out, quote ? "\":\"" : "\":");
		if (known)
			script_field_print(s, f, ev, cpu);
		else
			out_text(&s->out, "null");
		if (quote)
			out_char(&s->out, '"');
	}
	out_text(&s->out, mark == '{' ? "{}\n" : "}\n");
}
