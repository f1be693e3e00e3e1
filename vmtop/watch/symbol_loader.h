/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looks for the functions of one VM's kernel, and how to find its processes,
 * in a thread of its own: that takes some 40 ms, and keys shall not wait so
 * long.
 */
#ifndef VMTOP_WATCH_SYMBOL_LOADER_H
#define VMTOP_WATCH_SYMBOL_LOADER_H

#include <stdbool.h>

#include "tracer/guest/processes.h"
#include "tracer/symbol/symtab.h"
#include "machine/machine.h"

struct symbol_loader;

/* The machine must stay open until the end. NULL and errno. */
struct symbol_loader *symbol_loader_start(const struct machine *m,
					  unsigned int vm);
bool symbol_loader_ended(const struct symbol_loader *l);
/*
 * Returns what it found, as guest_symbols_of_machine(); processes may be
 * NULL. Waits for the thread and frees the loader, for which NULL is fine.
 */
struct symtab *symbol_loader_end(struct symbol_loader *l,
				 struct process_list *processes);

#endif
