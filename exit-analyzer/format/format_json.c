/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A verdict for programs: one object, every row in it.
 */
#include "exit-analyzer/format/formats.h"

#include <jansson.h>
#include <string.h>

#include "exit-analyzer/judge/judgement.h"
#include "exit-analyzer/judge/share.h"

static void cost_set(json_t *object, const char *name,
		     const struct result_row *row)
{
	json_object_set_new(object, name, row ?
			    json_integer((json_int_t)row->cost) : json_null());
}

/* null: not known */
static json_t *shares_json(const struct verdict *v,
			   const struct verdict_row *r)
{
	char name[SHARE_NAME_BYTES];
	json_t *list;
	struct shares s;

	if (shares_of_row(&s, v->old, v->new, r->name) || !s.known)
		return json_null();
	list = json_array();
	for (size_t i = 0; i < s.count; i++) {
		share_name(&s.share[i], name);
		json_array_append_new(list, json_pack("{s:s, s:I, s:I}",
			"function", name,
			"old_cost_ticks", (json_int_t)s.share[i].old,
			"new_cost_ticks", (json_int_t)s.share[i].new));
	}
	shares_release(&s);
	return list;
}

static json_t *row_json(const struct verdict *v, const struct verdict_row *r)
{
	json_t *row = json_object();

	json_object_set_new(row, "row", json_string(r->name));
	json_object_set_new(row, "verdict",
			    json_string(verdict_kind_name(r->kind)));
	json_object_set_new(row, "failed",
			    json_boolean(verdict_row_failed(r)));
	cost_set(row, "old_cost_ticks", r->old);
	cost_set(row, "new_cost_ticks", r->new);
	if (!r->old || !r->new)
		return row;
	json_object_set_new(row, "change_percent", json_real(r->percent));
	if (r->kind != VERDICT_SAME)
		json_object_set_new(row, "functions", shares_json(v, r));
	if (!v->judgement->probable)
		return row;
	json_object_set_new(row, "p", json_real(r->p));
	json_object_set_new(row, "change_percent_low",
			    json_real(r->interval.low));
	json_object_set_new(row, "change_percent_high",
			    json_real(r->interval.high));
	return row;
}

/* Makes a list of the lines, without their indent; empty for NULL. */
static json_t *lines_json(const char *text)
{
	json_t *list = json_array();

	while (text && *text) {
		size_t bytes = strcspn(text, "\n");
		size_t indent = strspn(text, " ");

		json_array_append_new(list, json_stringn(text + indent,
							 bytes - indent));
		text += bytes + (text[bytes] == '\n');
	}
	return list;
}

static json_t *assumptions_json(const struct verdict *v)
{
	const struct assumption *a = v->judgement->assumption;
	char why[JUDGEMENT_WHY_BYTES];
	json_t *list = json_array(), *one;

	for (; a->name; a++) {
		bool holds = a->holds(v, why, sizeof(why));

		one = json_object();
		json_object_set_new(one, "assumption", json_string(a->name));
		json_object_set_new(one, "holds", json_boolean(holds));
		json_object_set_new(one, "why_not", holds ? json_null() :
				    json_string(why));
		json_array_append_new(list, one);
	}
	return list;
}

void verdict_print_json(FILE *to, const struct verdict *v, const char *baseline)
{
	json_t *root = json_object(), *rows = json_array();

	json_object_set_new(root, "baseline", json_string(baseline));
	json_object_set_new(root, "unit", json_string(result_unit(v->new)));
	json_object_set_new(root, "judgement",
			    json_string(v->judgement->name));
	json_object_set_new(root, "assumptions", assumptions_json(v));
	json_object_set_new(root, "exact", json_boolean(v->judgement == &judgement_exact));
	json_object_set_new(root, "forced",
			    json_boolean(v->machines.decides != NULL));
	json_object_set_new(root, "differs", lines_json(v->machines.decides));
	json_object_set_new(root, "noted", lines_json(v->machines.noted));
	json_object_set_new(root, "outcome", json_string(verdict_outcome(v)));
	json_object_set_new(root, "failed_rows",
			    json_integer((json_int_t)v->failed));
	for (size_t i = 0; i < v->rows; i++)
		json_array_append_new(rows, row_json(v, &v->row[i]));
	json_object_set_new(root, "rows", rows);
	json_dumpf(root, to, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	fputc('\n', to);
	json_decref(root);
}
