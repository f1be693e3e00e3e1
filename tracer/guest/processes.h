/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The processes of a guest, from its kernel's list of them, each with the
 * page tables that it runs on: they are what an exit's CR3 can be held
 * against.
 *
 * What CR3 tells is whose address space it was, no more. The threads of a
 * process share one. A kernel thread has none and runs on that of whoever ran
 * before it, as do interrupts; so what the kernel does may show as that
 * process. Page tables are used again by the next process once theirs is gone.
 */
#ifndef TRACER_GUEST_PROCESSES_H
#define TRACER_GUEST_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/guest/guest_memory.h"
#include "tracer/symbol/guest_cr3.h"

/* As the kernel: TASK_COMM_LEN, its NUL included. */
#define GUEST_COMM_BYTES	16
/* Kernel threads and the ended count, too; a longer list is cut here. */
#define GUEST_PROCESSES_MAX	16384

struct guest_process {
	uint64_t cr3;		/* of the kernel's table, as GUEST_CR3_TABLE */
	uint32_t pid;		/* 0: nobody's, the kernel's own tables */
	char comm[GUEST_COMM_BYTES];	/* visible characters and blanks */
	uint64_t started_ns;	/* on the guest's clock since boot; 0: not known */
	unsigned int looks_unseen;	/* process_watch.c's: in a row, until now */
};

/* Offsets in struct task_struct, and that of pgd in struct mm_struct. */
struct process_layout {
	uint32_t tasks, tgid, comm, mm, pgd;
	uint32_t started;	/* 0: this kernel has it elsewhere */
};

/* Where a kernel has its processes: as long as it runs, and its memory is. */
struct process_list {
	struct guest_memory memory;
	struct guest_paging paging;	/* that maps all of the kernel */
	struct process_layout layout;
	uint64_t init_task;
	uint64_t kernel_cr3;	/* of the kernel's own tables; 0: not known */
};

/* From the kernel's BTF. 0, -ENOENT: it has not all of them; -ENOMEM. */
int process_layout_find(struct process_layout *l, const uint8_t *btf,
			size_t bytes);

/*
 * Those that have an address space now, by cr3, one for each: of several that
 * share it the one with the lowest pid. 0; -EAGAIN: the list did not end where
 * it should, as may happen while it changes, and some may be missing; -ENOMEM.
 * The caller frees *processes, which is NULL if there are none.
 */
int processes_read(const struct process_list *list,
		   struct guest_process **processes, size_t *count);

#endif
