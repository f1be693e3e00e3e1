/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commas, lines and blanks between values follow from two facts: how deep we
 * are, and whether the innermost object or array has anything in it.
 */
#include "reports/json_out.h"

void json_out_init(struct json_out *j, FILE *to)
{
	out_init(&j->out, to);
	j->level = 0;
	j->empty = true;
}

void json_out_flush(struct json_out *j)
{
	out_char(&j->out, '\n');
	out_flush(&j->out);
}

static void line_begin(struct json_out *j)
{
	out_char(&j->out, '\n');
	for (unsigned int i = 0; i < j->level; i++)
		out_text(&j->out, "  ");
}

static void value_begin(struct json_out *j, const char *name)
{
	if (!j->empty)
		out_char(&j->out, ',');
	if (j->level)
		line_begin(j);
	j->empty = false;
	if (!name)
		return;
	out_char(&j->out, '"');
	out_text(&j->out, name);
	out_text(&j->out, "\": ");
}

static void nest(struct json_out *j, const char *name, char bracket)
{
	value_begin(j, name);
	out_char(&j->out, bracket);
	j->level++;
	j->empty = true;
}

static void nest_end(struct json_out *j, char bracket)
{
	j->level--;
	if (!j->empty)
		line_begin(j);
	j->empty = false;
	out_char(&j->out, bracket);
}

void json_out_object(struct json_out *j, const char *name)
{
	nest(j, name, '{');
}

void json_out_object_end(struct json_out *j)
{
	nest_end(j, '}');
}

void json_out_array(struct json_out *j, const char *name)
{
	nest(j, name, '[');
}

void json_out_array_end(struct json_out *j)
{
	nest_end(j, ']');
}

void json_out_number(struct json_out *j, const char *name, uint64_t n)
{
	value_begin(j, name);
	out_json_number(&j->out, n);
}

void json_out_hex(struct json_out *j, const char *name, uint64_t n)
{
	value_begin(j, name);
	out_char(&j->out, '"');
	out_hex(&j->out, n);
	out_char(&j->out, '"');
}

void json_out_bool(struct json_out *j, const char *name, bool value)
{
	value_begin(j, name);
	out_text(&j->out, value ? "true" : "false");
}

void json_out_null(struct json_out *j, const char *name)
{
	value_begin(j, name);
	out_text(&j->out, "null");
}

void json_out_text(struct json_out *j, const char *name, const char *text)
{
	value_begin(j, name);
	out_char(&j->out, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			out_char(&j->out, '\\');
		out_char(&j->out, *text);
	}
	out_char(&j->out, '"');
}
