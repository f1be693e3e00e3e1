/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts go by page tables first and get their names when the interval ends:
 * of a running guest it is not known before who came since the last one.
 */
#include "exit-analyzer/live/processes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "exit-analyzer/stats/rows.h"

/* Page tables are the guest's choice, and it may choose many. */
#define PROCESSES_MOST 4096

#define PLACE_VM(place)		((place) >> 16)
#define PLACE_VCPU(place)	((place) & 0xffff)

static const struct process_name unknown = { .comm = "[unknown]" };
/* Of rows that several processes share. */
static const struct process_name others = { .comm = "[others]" };

int processes_init(struct processes *p)
{
	memset(p, 0, sizeof(*p));
	return row_table_init(&p->table, 3);
}

void processes_exit(struct processes *p)
{
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++) {
		process_map_free(p->map[vm]);
		process_map_free(p->next[vm]);
	}
	row_table_exit(&p->table);
	free(p->row);
	memset(p, 0, sizeof(*p));
}

void processes_use_map(struct processes *p, unsigned int vm,
		       struct process_map *map)
{
	process_map_free(p->map[vm]);
	p->map[vm] = map;
}

uint64_t processes_next_change(const struct processes *p, uint64_t tsc)
{
	uint64_t next = UINT64_MAX;

	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++) {
		uint64_t of_vm = process_map_next_change(p->map[vm], tsc);

		if (of_vm < next)
			next = of_vm;
	}
	return next;
}

int processes_use_list(struct processes *p, unsigned int vm,
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

static int run_keep(struct processes *p, const struct process_run *run)
{
	uint64_t key[3] = { run->place, run->cr3, (uintptr_t)run->who };
	struct process_count *grown;
	ssize_t row;

	if (p->table.rows >= PROCESSES_MOST &&
	    row_table_known(&p->table, key) < 0) {
		key[1] = 0;
		key[2] = (uintptr_t)&others;
	}
	grown = rows_reserve(p->row, &p->rows_max, p->table.rows,
			     sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	p->row = grown;
	row = row_table_find(&p->table, key);
	if (row < 0)
		return row;
	p->row[row].count += run->count;
	p->row[row].cycles += run->cycles;
	return 0;
}

int processes_settle(struct processes *p, struct process_run *run)
{
	int err = run->count ? run_keep(p, run) : 0;

	*run = (struct process_run){ .cr3 = ~0ull, .place = run->place };
	return err;
}

int processes_switch(struct processes *p, struct process_run *run,
		     uint64_t cr3, uint64_t tsc)
{
	unsigned int vm = PLACE_VM(run->place);
	int err = processes_settle(p, run);

	run->cr3 = cr3;
	if (vm < ANCHOR_VMS_MAX)
		run->who = process_map_find(p->map[vm], cr3, tsc);
	return err;
}

/* What a row is called; NULL: nothing is known of its VM's processes. */
static const struct process_name *row_name(struct processes *p,
					   const uint64_t *key)
{
	const struct process_name *who = (const void *)(uintptr_t)key[2];
	unsigned int vm = PLACE_VM(key[0]);

	if (vm >= ANCHOR_VMS_MAX || (!p->map[vm] && !p->next[vm]))
		return NULL;
	if (!who && p->next[vm])
		who = process_map_find(p->next[vm], key[1], 0);
	return who ? who : &unknown;
}

/* Adds a row to that of the same process and vCPU, which may be a new one. */
static int row_unite(struct row_table *seen, struct snapshot *snap,
		     uint32_t place, const struct process_name *who,
		     const struct process_count *count)
{
	uint64_t key[4] = { place, who->pid };
	struct snapshot_process *to;
	ssize_t row;

	_Static_assert(sizeof(who->comm) == 2 * sizeof(key[0]), "key");
	memcpy(&key[2], who->comm, sizeof(who->comm));
	row = row_table_find(seen, key);
	if (row < 0)
		return row;
	to = &snap->process[row];
	if ((size_t)row == snap->processes) {
		snap->processes++;
		to->vm = PLACE_VM(place);
		to->vcpu = PLACE_VCPU(place);
		to->pid = who->pid;
		memcpy(to->comm, who->comm, sizeof(to->comm));
	}
	to->count += count->count;
	to->cycles += count->cycles;
	return 0;
}

static int rows_unite(struct processes *p, struct snapshot *snap)
{
	struct row_table seen;
	int err;

	snap->process = calloc(p->table.rows + 1, sizeof(*snap->process));
	if (!snap->process)
		return -ENOMEM;
	err = row_table_init(&seen, 4);
	for (size_t i = 0; !err && i < p->table.rows; i++) {
		const uint64_t *key = row_table_key(&p->table, i);
		const struct process_name *who = row_name(p, key);

		if (who)
			err = row_unite(&seen, snap, key[0], who, &p->row[i]);
	}
	row_table_exit(&seen);
	return err;
}

static int row_compare(const void *a, const void *b)
{
	const struct snapshot_process *x = a, *y = b;

	if (x->cycles != y->cycles)
		return x->cycles < y->cycles ? 1 : -1;
	return x->pid < y->pid ? -1 : x->pid > y->pid;
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

/* Names may be asked by now; the rows that have them are copies. */
static int interval_begin(struct processes *p)
{
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++) {
		if (!p->next[vm])
			continue;
		process_map_free(p->map[vm]);
		p->map[vm] = p->next[vm];
		p->next[vm] = NULL;
	}
	if (p->row)
		memset(p->row, 0, p->rows_max * sizeof(*p->row));
	row_table_exit(&p->table);
	return row_table_init(&p->table, 3);
}

int processes_collect(struct processes *p, size_t most, struct snapshot *snap)
{
	struct snapshot_process *shrunk;
	int err = rows_unite(p, snap);

	if (err)
		return err;
	qsort(snap->process, snap->processes, sizeof(*snap->process),
	      row_compare);
	if (snap->processes > most)
		rows_fold(snap, most);
	shrunk = reallocarray(snap->process, snap->processes + 1,
			      sizeof(*shrunk));
	if (shrunk)
		snap->process = shrunk;
	return interval_begin(p);
}
