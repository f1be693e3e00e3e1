/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The functions of a guest's kernel, out of its memory or out of a trace.
 */
#ifndef VMTOP_WATCH_GUEST_SYMBOLS_H
#define VMTOP_WATCH_GUEST_SYMBOLS_H

#include "tracer/guest/processes.h"
#include "tracer/source/source.h"
#include "tracer/symbol/symtab.h"
#include "machine/machine.h"

/* As vm_kernel_symtab(). Caller frees. */
struct symtab *guest_symbols_of_machine(const struct machine *m,
					unsigned int vm,
					struct process_list *processes);
struct symtab *guest_symbols_of_file(const struct source *s, unsigned int vm);

#endif
