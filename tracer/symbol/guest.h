/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One VM's guest: the functions of its kernel and the owners of its address
 * spaces. guest_resolve() is the one place that decides where in a guest a
 * record was made, and the only one that knows what stands for user mode and
 * for what is not known.
 *
 * A guest belongs to one thread; it remembers what was asked last.
 */
#ifndef TRACER_SYMBOL_GUEST_H
#define TRACER_SYMBOL_GUEST_H

#include <stdint.h>

#include "tracer/symbol/process_map.h"
#include "tracer/symbol/symtab.h"
#include "vmm-core/abi/event.h"

enum guest_place_kind {
	GUEST_PLACE_UNKNOWN,	/* the record does not say */
	GUEST_PLACE_USER,
	GUEST_PLACE_ADDRESS,	/* the kernel's, in no function that is known */
	GUEST_PLACE_FUNCTION,
};

/* Printed instead of a name. */
#define GUEST_USER_TEXT		"[user]"
#define GUEST_UNKNOWN_TEXT	"[unknown]"

/* Where and when a record was made, as far as it says. */
struct guest_point {
	uint64_t cr3, rip, tsc;
	uint8_t cpl_known;	/* CPL and EVENT_KNOWN_, as in records */
};

struct guest_place {
	enum guest_place_kind kind;
	const struct symbol *function;		/* NULL: not known */
	const struct process_name *process;	/* NULL: not known */
};

/* Zeroed: nothing is known. */
struct guest {
	/* owned, set by guest_use_...(); NULL: not known */
	struct symtab *symtab;
	struct process_map *processes;
	/* Private Part */
	struct guest_line *line;	/* the last addresses that were asked */
};

/* Takes them over and frees those before; NULL is fine. */
void guest_use_symbols(struct guest *g, struct symtab *symtab);
void guest_use_processes(struct guest *g, struct process_map *processes);
/* Makes it all 0 again. */
void guest_exit(struct guest *g);

/*
 * Says where that is, and whose address space it was. Only what cpl_known has
 * is looked up: callers leave out the bits of what they do not need. NULL: a
 * guest of which nothing is known.
 */
void guest_resolve(struct guest *g, const struct guest_point *at,
		   struct guest_place *place);

/* The part of guest_resolve() that says whose it was; NULL: not known. */
static inline const struct process_name *
guest_process(struct guest *g, uint64_t cr3, uint64_t tsc)
{
	return g ? process_map_find(g->processes, cr3, tsc) : NULL;
}

/* Returns what is known before any table is asked: a function is an address. */
static inline enum guest_place_kind guest_place_kind(unsigned int cpl_known)
{
	if (cpl_known & EVENT_KNOWN_CPL && EVENT_CPL(cpl_known) == 3)
		return GUEST_PLACE_USER;
	return cpl_known & EVENT_KNOWN_RIP ? GUEST_PLACE_ADDRESS :
					     GUEST_PLACE_UNKNOWN;
}

#endif
