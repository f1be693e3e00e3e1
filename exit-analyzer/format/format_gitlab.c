/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A verdict as GitLab's code quality report: a list of issues, one for each
 * row that failed, empty when none did.
 */
#include "exit-analyzer/format/formats.h"

#include <jansson.h>

#include "exit-analyzer/judge/share.h"

/* One line: the function that did most, if it is known. */
static json_t *description_json(const struct verdict *v,
				const struct verdict_row *r)
{
	char text[VERDICT_TEXT_BYTES], name[SHARE_NAME_BYTES];
	const struct share *most;
	struct shares s;
	json_t *line;

	verdict_row_describe(v, r, text, sizeof(text));
	if (shares_of_row(&s, v->old, v->new, r->name) || !s.count)
		return json_sprintf("%s is %s: %s", r->name,
				    verdict_kind_name(r->kind), text);
	most = &s.share[0];
	share_name(most, name);
	line = json_sprintf("%s is %s: %s; %+lld in %s", r->name,
			    verdict_kind_name(r->kind), text,
			    (long long)(most->new - most->old), name);
	shares_release(&s);
	return line;
}

static json_t *issue_json(const struct verdict *v, const struct verdict_row *r,
			  const char *baseline)
{
	json_t *issue = json_object(), *location;

	json_object_set_new(issue, "description", description_json(v, r));
	json_object_set_new(issue, "check_name",
			    json_string("exit-analyzer"));
	/* GitLab follows an issue from run to run by this */
	json_object_set_new(issue, "fingerprint",
			    json_sprintf("exit-analyzer/%s", r->name));
	json_object_set_new(issue, "severity", json_string("major"));
	location = json_pack("{s:s, s:{s:i}}", "path", baseline, "lines",
			     "begin", 1);
	json_object_set_new(issue, "location", location);
	return issue;
}

void verdict_print_gitlab(FILE *to, const struct verdict *v,
			  const char *baseline)
{
	json_t *issues = json_array();

	for (size_t i = 0; i < v->rows; i++)
		if (verdict_row_failed(&v->row[i]))
			json_array_append_new(issues,
				issue_json(v, &v->row[i], baseline));
	json_dumpf(issues, to, JSON_INDENT(2));
	fputc('\n', to);
	json_decref(issues);
}
