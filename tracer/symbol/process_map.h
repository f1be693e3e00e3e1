/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which process of a VM ran: from CR3 and time to pid and name, as far as the
 * recorder saw them. tracer/guest/processes.h says what CR3 can tell.
 *
 * A map belongs to one thread; it remembers what was asked last.
 */
#ifndef TRACER_SYMBOL_PROCESS_MAP_H
#define TRACER_SYMBOL_PROCESS_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "vmm-core/abi/trace_file.h"

/* Fit to print. "[kernel]" has pid 0. */
struct process_name {
	uint32_t pid;
	char comm[sizeof(((struct trace_process *)NULL)->comm)];
};

struct process_map;

/* From the changes of one VM, in the order of the file. NULL: ENOMEM. */
struct process_map *process_map_new(const struct trace_process *changes,
				    size_t count);
/* NULL is fine. */
void process_map_free(struct process_map *m);
/*
 * NULL: nobody that was seen; also of a map that is NULL. The same pid and
 * name give the same pointer, as long as the map lives.
 */
const struct process_name *process_map_find(struct process_map *m,
					    uint64_t cr3, uint64_t tsc);
/* When anything changes next after tsc; UINT64_MAX: nothing does. */
uint64_t process_map_next_change(const struct process_map *m, uint64_t tsc);
/* From then on nobody watched, and nobody is known; UINT64_MAX: never. */
uint64_t process_map_unwatched_tsc(const struct process_map *m);
/* All there are, by pid; a process that took another name is another. */
const struct process_name *process_map_names(const struct process_map *m,
					     size_t *count);

#endif
