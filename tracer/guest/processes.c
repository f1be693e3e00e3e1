/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's list of processes, walked through its page tables.
 *
 * The guest runs meanwhile, and may lie: the list is cut where it leads
 * nowhere, and is never followed further than it may be long; what it comes by
 * twice until then is united with all else that shares its tables.
 */
#include "tracer/guest/processes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/event/printable.h"
#include "tracer/guest/btf.h"

enum { TASKS, TGID, COMM, MM, PGD, NEEDED, STARTED = NEEDED, MEMBERS };

int process_layout_find(struct process_layout *l, const uint8_t *btf,
			size_t bytes)
{
	struct btf_member m[MEMBERS] = {
		[TASKS] = { .type = "task_struct", .name = "tasks" },
		[TGID] = { .type = "task_struct", .name = "tgid" },
		[COMM] = { .type = "task_struct", .name = "comm" },
		[MM] = { .type = "task_struct", .name = "mm" },
		[PGD] = { .type = "mm_struct", .name = "pgd" },
		[STARTED] = { .type = "task_struct",
			      .name = "start_boottime" },
	};
	int err = btf_find(btf, bytes, m, MEMBERS);

	if (err)
		return err == -ENOMEM ? err : -ENOENT;
	for (int i = 0; i < NEEDED; i++) {
		if (!m[i].found)
			return -ENOENT;
	}
	*l = (struct process_layout){
		.tasks = m[TASKS].offset, .tgid = m[TGID].offset,
		.comm = m[COMM].offset, .mm = m[MM].offset,
		.pgd = m[PGD].offset, .started = m[STARTED].offset,
	};
	return 0;
}

static bool read_at(const struct process_list *list, uint64_t gva, void *to,
		    size_t bytes)
{
	return guest_read_virtual(&list->memory, &list->paging, gva, to,
				  bytes) == bytes;
}

/* Up to its NUL, of which a lying guest may have none; then 0s. */
static void comm_clean(char comm[GUEST_COMM_BYTES])
{
	size_t bytes = strnlen(comm, GUEST_COMM_BYTES - 1);

	for (size_t i = 0; i < bytes; i++) {
		if (!is_printable(comm[i]))
			comm[i] = '?';
	}
	memset(comm + bytes, 0, GUEST_COMM_BYTES - bytes);
}

/* false: it has no address space, or what stands there cannot be one. */
static bool process_read(const struct process_list *list, uint64_t task,
			 struct guest_process *p)
{
	const struct process_layout *l = &list->layout;
	struct guest_mapping leaf;
	uint64_t mm, pgd;

	if (!read_at(list, task + l->mm, &mm, sizeof(mm)) || !mm ||
	    !read_at(list, mm + l->pgd, &pgd, sizeof(pgd)) ||
	    !read_at(list, task + l->tgid, &p->pid, sizeof(p->pid)) ||
	    !read_at(list, task + l->comm, p->comm, sizeof(p->comm)) ||
	    !guest_walk(&list->memory, &list->paging, pgd, &leaf))
		return false;
	p->started_ns = 0;
	p->looks_unseen = 0;
	if (l->started)
		read_at(list, task + l->started, &p->started_ns,
			sizeof(p->started_ns));
	comm_clean(p->comm);
	p->cr3 = leaf.gpa + (pgd - leaf.gva);
	return p->pid && !(p->cr3 & ~GUEST_CR3_TABLE);
}

static int process_compare(const void *a, const void *b)
{
	const struct guest_process *x = a, *y = b;

	if (x->cr3 != y->cr3)
		return x->cr3 < y->cr3 ? -1 : 1;
	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

/* Sorted; returns how many are left. */
static size_t processes_unite(struct guest_process *p, size_t count)
{
	size_t kept = 0;

	qsort(p, count, sizeof(*p), process_compare);
	for (size_t i = 0; i < count; i++) {
		if (!kept || p[i].cr3 != p[kept - 1].cr3)
			p[kept++] = p[i];
	}
	return kept;
}

/* Tasks after init_task. 0, or -EAGAIN: it did not end there again. */
static int list_walk(const struct process_list *list, struct guest_process *to,
		     size_t *count)
{
	uint64_t head = list->init_task + list->layout.tasks, at = head;

	for (size_t i = 0; i <= GUEST_PROCESSES_MAX; i++) {
		if (!read_at(list, at, &at, sizeof(at)))
			return -EAGAIN;
		if (at == head)
			return 0;
		if (i < GUEST_PROCESSES_MAX &&
		    process_read(list, at - list->layout.tasks, &to[*count]))
			++*count;
	}
	return -EAGAIN;
}

int processes_read(const struct process_list *list,
		   struct guest_process **processes, size_t *count)
{
	struct guest_process *p = malloc((GUEST_PROCESSES_MAX + 1) *
					 sizeof(*p));
	int err;

	*count = 0;
	*processes = NULL;
	if (!p)
		return -ENOMEM;
	/* its pid is below all others: a liar cannot take it over */
	if (list->kernel_cr3)
		p[(*count)++] = (struct guest_process){
			.cr3 = list->kernel_cr3, .comm = "[kernel]",
		};
	err = list_walk(list, p, count);
	*count = processes_unite(p, *count);
	if (*count)
		*processes = p;
	else
		free(p);
	return err;
}
