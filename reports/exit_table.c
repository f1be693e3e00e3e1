/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits: the sort keys, then what they cost and how long the vCPU was blocked.
 */
#include "reports/table.h"

#include <errno.h>

#include "tracer/event/event_names.h"

static struct value get_key(const struct table *t, const struct column *c,
			    size_t row);

/* In the order of enum summary_key. */
static const struct column key_columns[SUMMARY_KEYS] = {
	[SUMMARY_KEY_REASON] = { "reason", "VM-EXIT", 13, COLUMN_TEXT, get_key },
	[SUMMARY_KEY_SYM] = { "sym", "Symbol", 24, COLUMN_TEXT, get_key },
	[SUMMARY_KEY_VM] = { "vm", "VM", 3, COLUMN_COUNT, get_key },
	[SUMMARY_KEY_VCPU] = { "vcpu", "VCPU", 4, COLUMN_COUNT, get_key },
	[SUMMARY_KEY_CPU] = { "cpu", "CPU", 3, COLUMN_COUNT, get_key },
	[SUMMARY_KEY_CR3] = { "cr3", "CR3", 18, COLUMN_HEX, get_key },
	[SUMMARY_KEY_CPL] = { "cpl", "CPL", 3, COLUMN_COUNT, get_key },
	[SUMMARY_KEY_PROCESS] = { "process", "Process", 15, COLUMN_TEXT,
				  get_key },
};

static struct value symbol_value(const struct summary_key_value *key)
{
	return (struct value){
		.number = key->number,
		.text = key->text,
		.tag = key->text ? key->module : "unknown",
	};
}

/* Only columns of keys the summary has were added. */
static const struct summary_key_value *key_value(const struct table *t,
						 enum summary_key key,
						 size_t row)
{
	const struct summary_key_value *value = t->exit[row]->key;

	for (size_t i = 0; summary_key_at(t->summary, i) != key; i++)
		value++;
	return value;
}

static struct value get_pid(const struct table *t, const struct column *c,
			    size_t row)
{
	(void)c;
	return (struct value){
		.number = key_value(t, SUMMARY_KEY_PROCESS, row)->number,
	};
}

/* Beside a process's name, for there are many of one name. */
static const struct column pid_column = {
	"pid", "PID", 5, COLUMN_COUNT, get_pid,
};

static struct value get_key(const struct table *t, const struct column *c,
			    size_t row)
{
	enum summary_key key = c - key_columns;
	const struct summary_key_value *value = key_value(t, key, row);

	if (key == SUMMARY_KEY_PROCESS)
		return (struct value){ .text = value->text };
	if (key == SUMMARY_KEY_SYM)
		return symbol_value(value);
	if (key == SUMMARY_KEY_REASON)
		return (struct value){
			.text = event_exit_reason_name(value->number),
		};
	return (struct value){ .number = value->number };
}

static struct value get_blocked(const struct table *t, const struct column *c,
				size_t row)
{
	(void)c;
	return (struct value){ .number = t->exit[row]->blocked_cycles };
}

static const struct column blocked_column = {
	"blocked_cycles_total", "Blocked", 9, COLUMN_CYCLES, get_blocked,
};

static const struct histogram *exit_cost(const struct table *t, size_t row)
{
	return &t->exit[row]->handle;
}

int table_of_exits(struct table *t, struct summary *s, size_t rows_max)
{
	const struct summary_row *total = summary_total(s);

	*t = (struct table){
		.name = "rows",
		.summary = s,
		.cost = exit_cost,
		.all_count = total->handle.count,
		.all_cycles = total->handle.sum,
	};
	t->exit = summary_rows(s, &t->rows);
	if (!t->exit)
		return -ENOMEM;
	if (rows_max && t->rows > rows_max) {
		t->rows_left_out = t->rows - rows_max;
		t->rows = rows_max;
	}
	for (size_t i = 0; i < summary_key_count(s); i++) {
		table_add_columns(t, &key_columns[summary_key_at(s, i)], 1);
		if (summary_key_at(s, i) == SUMMARY_KEY_PROCESS)
			table_add_columns(t, &pid_column, 1);
	}
	table_add_cost_columns(t);
	table_add_columns(t, &blocked_column, 1);
	return 0;
}
