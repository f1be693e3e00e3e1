/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A column for every sort key, made from its row: none can be forgotten.
 */
#include "reports/table.h"

static void get_key(const struct report_table *t, const struct report_column *c,
		    size_t row, struct report_cell *cell);

#define REPORT_NAME	REPORT_TEXT
#define REPORT_ENUM	REPORT_TEXT

static const struct report_column key_columns[KEYS] = {
#define KEY(NAME, name, heading, width, type, records, text, help) \
	[BY_##NAME] = { #name, heading, width, REPORT_##type, get_key },
#include "exit-analyzer/stats/keys.def"
};

struct key_value table_key_value(const struct report_table *t, enum key key,
				 size_t row)
{
	size_t i = 0;

	while (t->from.group->key[i] != key)
		i++;
	return summary_value_at(&t->from, row, i);
}

static void get_key(const struct report_table *t, const struct report_column *c,
		    size_t row, struct report_cell *cell)
{
	enum key key = c - key_columns;
	struct key_value v = table_key_value(t, key, row);

	cell->number = v.number;
	cell->missing = v.kind == KEY_NONE;
	if (c->kind != REPORT_TEXT && v.kind != KEY_NUMBER)
		cell->is_words = cell->missing = true;
	if (cell->is_words)
		key_print(t->from.context, key, &v, &cell->words);
}

/* Beside a process's name, for there are many of one name. */
static void get_process_pid(const struct report_table *t,
			    const struct report_column *c, size_t row,
			    struct report_cell *cell)
{
	struct key_value v = table_key_value(t, BY_PROCESS, row);
	const struct process_name *process;

	(void)c;
	process = key_context_process_at(t->from.context, &v);
	if (process) {
		cell->number = process->pid;
		return;
	}
	cell->is_words = cell->missing = true;
	cell->words.text = "-";
}

static const struct report_column process_pid = {
	"pid", "PID", 5, REPORT_COUNT, get_process_pid,
};

static bool has_key(const struct report_table *t, enum key key)
{
	for (size_t i = 0; i < t->from.group->keys; i++)
		if (t->from.group->key[i] == key)
			return true;
	return false;
}

void table_add_key(struct report_table *t, enum key key)
{
	table_add_columns(t, &key_columns[key], 1);
	if (key == BY_PROCESS && !has_key(t, BY_PID))
		table_add_columns(t, &process_pid, 1);
}
