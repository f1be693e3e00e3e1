/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts go by page tables first and get their names when the interval ends:
 * of a running guest it is not known before who came since the last one.
 */
#include "exit-analyzer/live/process_rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Page tables are the guest's choice, and it may choose many. */
#define ROWS_MOST 4096

static const enum key keys[] = { BY_VM, BY_VCPU, BY_CR3, BY_PROCESS };

/* Where they are among a row's values. */
enum {
	AT_VM, AT_VCPU, AT_CR3, AT_PROCESS,
};

/* Rows of the snapshot; those of equal cycles stand by pid, then by name. */
static const enum key named_keys[] = { BY_PID, BY_COMM, BY_VM, BY_VCPU };

enum {
	NAMED_AT_PID, NAMED_AT_COMM, NAMED_AT_VM, NAMED_AT_VCPU,
};

struct process_count {
	uint64_t count, cycles;
};

static const struct process_name unknown = { .comm = GUEST_UNKNOWN_TEXT };
/* For rows that several processes share. */
static const struct process_name others = { .comm = "[others]" };

int process_rows_init(struct process_rows *p, struct key_context *context)
{
	memset(p, 0, sizeof(*p));
	p->context = context;
	return group_init(&p->group, keys, ARRAY_SIZE(keys),
			  sizeof(struct process_count));
}

void process_rows_exit(struct process_rows *p)
{
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++)
		process_map_free(p->next[vm]);
	group_exit(&p->group);
	memset(p, 0, sizeof(*p));
}

uint64_t process_rows_next_change(const struct process_rows *p, uint64_t tsc)
{
	uint64_t next = UINT64_MAX;

	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++) {
		uint64_t of_vm = process_map_next_change(
			p->context->guests[vm].processes, tsc);

		if (of_vm < next)
			next = of_vm;
	}
	return next;
}

int process_rows_use_list(struct process_rows *p, unsigned int vm,
			  const struct guest_process *list, size_t count)
{
	struct trace_process *seen = calloc(count + 1, sizeof(*seen));

	if (!seen)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		seen[i].cr3 = list[i].cr3;
		seen[i].pid = list[i].pid;
		memcpy(seen[i].comm, list[i].comm, sizeof(seen[i].comm));
	}
	process_map_free(p->next[vm]);
	p->next[vm] = process_map_new(seen, count);
	free(seen);
	return p->next[vm] ? 0 : -ENOMEM;
}

static int run_keep(struct process_rows *p, const struct process_run *run)
{
	const struct event_vmexit exit = {
		.h = { .id = EVENT_VMEXIT, .vm = run->vm, .tsc = run->tsc },
		.cpl_known = EVENT_KNOWN_ALL,
		.vcpu = run->vcpu,
		.cr3 = run->cr3,
	};
	struct key_value values[ARRAY_SIZE(keys)];
	struct process_count *count;
	ssize_t row;

	group_values(&p->group, p->context, &exit.h, 0, values);
	if (group_rows(&p->group) >= ROWS_MOST &&
	    group_known(&p->group, values) < 0) {
		values[AT_CR3].number = 0;
		values[AT_PROCESS] = (struct key_value){ 0, KEY_OTHERS };
	}
	row = group_find(&p->group, values);
	if (row < 0)
		return row;
	count = group_row(&p->group, row);
	count->count += run->count;
	count->cycles += run->cycles;
	return 0;
}

int process_rows_end_run(struct process_rows *p, struct process_run *run)
{
	int err = run->count ? run_keep(p, run) : 0;

	*run = (struct process_run)PROCESS_RUN_BEGIN(run->vm, run->vcpu);
	return err;
}

int process_rows_switch(struct process_rows *p, struct process_run *run,
			uint64_t cr3, uint64_t tsc)
{
	int err = process_rows_end_run(p, run);

	run->cr3 = cr3;
	run->tsc = tsc;
	return err;
}

/* Returns a row's name; NULL: its VM's processes are not known. */
static const struct process_name *row_name(struct process_rows *p, size_t row)
{
	struct key_value process = group_value(&p->group, row, AT_PROCESS);
	uint64_t vm = group_value(&p->group, row, AT_VM).number;
	const struct process_name *name;

	if (vm >= ANCHOR_VMS_MAX || (!p->context->guests[vm].processes &&
				    !p->next[vm]))
		return NULL;
	if (process.kind == KEY_OTHERS)
		return &others;
	name = key_context_process_at(p->context, &process);
	if (!name && p->next[vm])
		name = process_map_find(p->next[vm],
			group_value(&p->group, row, AT_CR3).number, 0);
	return name ? name : &unknown;
}

/* Adds a row to that of the same process and vCPU, which may be a new one. */
static int row_name_add(struct process_rows *p, struct group *named,
			struct key_context *names, size_t row)
{
	const struct process_count *from = group_row(&p->group, row);
	const struct process_name *name = row_name(p, row);
	struct key_value values[ARRAY_SIZE(named_keys)];
	struct process_count *to;
	ssize_t found;

	if (!name)
		return 0;
	values[NAMED_AT_PID] = (struct key_value){ name->pid, KEY_NUMBER };
	values[NAMED_AT_COMM] = key_context_name(names, name->comm);
	values[NAMED_AT_VM] = group_value(&p->group, row, AT_VM);
	values[NAMED_AT_VCPU] = group_value(&p->group, row, AT_VCPU);
	found = group_find(named, values);
	if (found < 0)
		return found;
	to = group_row(named, found);
	to->count += from->count;
	to->cycles += from->cycles;
	return 0;
}

static uint64_t row_weight(const void *row)
{
	return ((const struct process_count *)row)->cycles;
}

static struct snapshot_process row_take(const struct group *named,
					const struct key_context *names,
					size_t row)
{
	const struct process_count *count = group_row(named, row);
	struct key_value comm = group_value(named, row, NAMED_AT_COMM);
	struct snapshot_process taken = {
		.vm = group_value(named, row, NAMED_AT_VM).number,
		.vcpu = group_value(named, row, NAMED_AT_VCPU).number,
		.pid = group_value(named, row, NAMED_AT_PID).number,
		.count = count->count,
		.cycles = count->cycles,
	};
	struct key_text text;

	key_print(names, BY_COMM, &comm, &text);
	strncpy(taken.comm, text.text, sizeof(taken.comm) - 1);
	return taken;
}

/* Rows beyond `most` become one row for each vCPU. */
static void rows_fold(struct snapshot *snap, size_t most)
{
	size_t kept = most, i;

	for (size_t from = most; from < snap->processes; from++) {
		struct snapshot_process row = snap->process[from];

		for (i = most; i < kept && (snap->process[i].vm != row.vm ||
					    snap->process[i].vcpu != row.vcpu);
		     i++)
			;
		if (i < kept) {
			snap->process[i].count += row.count;
			snap->process[i].cycles += row.cycles;
			continue;
		}
		row.pid = others.pid;
		memcpy(row.comm, others.comm, sizeof(row.comm));
		snap->process[kept++] = row;
	}
	snap->processes = kept;
}

static int rows_take(struct process_rows *p, struct group *named,
		     struct key_context *names, struct snapshot *snap)
{
	const uint32_t *sorted;
	int err = 0;

	for (size_t i = 0; !err && i < group_rows(&p->group); i++)
		err = row_name_add(p, named, names, i);
	sorted = err ? NULL : group_sort(named, names, row_weight);
	if (!sorted)
		return -ENOMEM;
	snap->process = calloc(group_rows(named) + 1, sizeof(*snap->process));
	if (!snap->process)
		return -ENOMEM;
	for (size_t i = 0; i < group_rows(named); i++)
		snap->process[snap->processes++] = row_take(named, names,
							    sorted[i]);
	return 0;
}

/* Names may be asked by now; the rows that have them are copies. */
static int interval_begin(struct process_rows *p)
{
	struct group group;
	int err = group_init(&group, keys, ARRAY_SIZE(keys),
			     sizeof(struct process_count));

	if (err)
		return err;
	group_exit(&p->group);
	p->group = group;
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++) {
		if (!p->next[vm])
			continue;
		guest_use_processes(&p->context->guests[vm], p->next[vm]);
		p->next[vm] = NULL;
	}
	return 0;
}

int process_rows_collect(struct process_rows *p, size_t most,
			 struct snapshot *snap)
{
	/* names of its own: a guest may make new ones for ever */
	struct key_context names = { 0 };
	struct group named = { 0 };
	int err = name_index_init(&names.names) ?:
		  group_init(&named, named_keys, ARRAY_SIZE(named_keys),
			     sizeof(struct process_count));

	if (!err)
		err = rows_take(p, &named, &names, snap);
	if (!err && snap->processes > most)
		rows_fold(snap, most);
	group_exit(&named);
	name_index_exit(&names.names);
	return err ? err : interval_begin(p);
}
