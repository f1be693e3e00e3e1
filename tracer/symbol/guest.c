/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Code runs in loops, so the last functions are kept by address: to search
 * the whole table costs several times as much.
 */
#include "tracer/symbol/guest.h"

#include <stdlib.h>

#define LINE_BITS	14	/* 256 KiB */

/* Four to a cache line. A zeroed one is right: no function is at 0. */
struct guest_line {
	uint64_t rip;
	const struct symbol *function;	/* NULL: none is there */
};

void guest_use_symbols(struct guest *g, struct symtab *symtab)
{
	symtab_free(g->symtab);
	free(g->line);
	g->symtab = symtab;
	/* without lines it is merely slower */
	g->line = symtab ? calloc(1u << LINE_BITS, sizeof(*g->line)) : NULL;
}

void guest_use_processes(struct guest *g, struct process_map *processes)
{
	process_map_free(g->processes);
	g->processes = processes;
}

void guest_exit(struct guest *g)
{
	guest_use_symbols(g, NULL);
	guest_use_processes(g, NULL);
}

static const struct symbol *function_find(struct guest *g, uint64_t rip)
{
	struct guest_line *line;

	if (!g->symtab)
		return NULL;
	if (!g->line)
		return symtab_lookup(g->symtab, rip);
	/* neighbours far apart: multiplied by 2^64 over the golden ratio */
	line = &g->line[rip * 0x9e3779b97f4a7c15ull >> (64 - LINE_BITS)];
	if (line->rip != rip)
		*line = (struct guest_line){
			.rip = rip,
			.function = symtab_lookup(g->symtab, rip),
		};
	return line->function;
}

void guest_resolve(struct guest *g, const struct guest_point *at,
		   struct guest_place *place)
{
	*place = (struct guest_place){
		.kind = guest_place_kind(at->cpl_known),
	};
	if (!g)
		return;
	if (place->kind == GUEST_PLACE_ADDRESS)
		place->function = function_find(g, at->rip);
	if (place->function)
		place->kind = GUEST_PLACE_FUNCTION;
	if (at->cpl_known & EVENT_KNOWN_CR3)
		place->process = guest_process(g, at->cr3, at->tsc);
}
