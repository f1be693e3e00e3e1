/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Code runs in loops, so the last symbols are kept by address; a look-up in
 * the whole table costs several times as much.
 */
#include "exit-analyzer/stats/key_context.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BITS_FIRST	13
#define LINE_BITS_MOST	20	/* 16 MiB */

/* Four to a cache line. */
struct key_symbol_line {
	uint64_t rip;
	uint32_t number_plus_1;	/* of the name; 0: there is no symbol */
	uint32_t vm_plus_1;	/* 0: not in use */
};

/* Makes that many empty lines; or -ENOMEM, and the old ones stay. */
static int lines_make(struct key_context *c, unsigned int bits)
{
	struct key_symbol_line *line = calloc((size_t)1 << bits, sizeof(*line));

	if (!line)
		return -ENOMEM;
	free(c->line);
	c->line = line;
	c->line_bits = bits;
	c->misses = 0;
	return 0;
}

int key_context_init(struct key_context *c)
{
	int err = name_index_init(&c->names);

	if (err)
		return err;
	err = lines_make(c, LINE_BITS_FIRST);
	if (err)
		name_index_exit(&c->names);
	return err;
}

void key_context_exit(struct key_context *c)
{
	name_index_exit(&c->names);
	free(c->line);
	c->line = NULL;
}

void key_context_forget_symbols(struct key_context *c)
{
	memset(c->line, 0, sizeof(*c->line) << c->line_bits);
	c->misses = 0;
}

static struct key_symbol_line *line_of(const struct key_context *c,
				       unsigned int vm, uint64_t rip)
{
	/* neighbours far apart: multiplied by 2^64 over the golden ratio */
	uint64_t hash = (rip ^ (uint64_t)vm << 56) * 0x9e3779b97f4a7c15ull;

	return &c->line[hash >> (64 - c->line_bits)];
}

static bool line_is(const struct key_symbol_line *line, unsigned int vm,
		    uint64_t rip)
{
	return line->rip == rip && line->vm_plus_1 == vm + 1;
}

/* The line of a symbol that none had; NULL: out of memory. */
static const struct key_symbol_line *line_fill(struct key_context *c,
					       unsigned int vm, uint64_t rip)
{
	const struct guest_point at = { .rip = rip,
					.cpl_known = EVENT_KNOWN_RIP };
	struct key_symbol_line *line;
	struct guest_place place;
	ssize_t number = -1;

	/* a guest that exits at more places than there are lines */
	if (++c->misses >> c->line_bits >= 2 && c->line_bits < LINE_BITS_MOST)
		lines_make(c, c->line_bits + 1);
	guest_resolve(&c->guests[vm], &at, &place);
	if (place.function) {
		number = name_index_find(&c->names, place.function->name,
					 place.function->module);
		if (number < 0)
			return NULL;
	}
	line = line_of(c, vm, rip);
	*line = (struct key_symbol_line){
		.rip = rip,
		.number_plus_1 = number + 1,
		.vm_plus_1 = vm + 1,
	};
	return line;
}

struct key_value key_context_symbol(struct key_context *c, unsigned int vm,
				    uint64_t rip)
{
	const struct guest *guest = key_context_guest(c, vm);
	const struct key_symbol_line *line;

	if (!guest || !guest->symtab)
		return (struct key_value){ rip, KEY_NUMBER };
	line = line_of(c, vm, rip);
	if (!line_is(line, vm, rip)) {
		line = line_fill(c, vm, rip);
		if (!line)
			return (struct key_value){ 0, KEY_FAILED };
	}
	if (!line->number_plus_1)
		return (struct key_value){ rip, KEY_NUMBER };
	return (struct key_value){ line->number_plus_1 - 1, KEY_NAME };
}

struct key_value key_context_name(struct key_context *c, const char *name)
{
	ssize_t number = name_index_find(&c->names, name, NULL);

	return (struct key_value){ number, number < 0 ? KEY_FAILED : KEY_NAME };
}

const struct process_name *
key_context_process(const struct key_context *c, unsigned int vm, uint64_t cr3,
		    uint64_t tsc)
{
	return guest_process(key_context_guest(c, vm), cr3, tsc);
}

struct key_value key_context_process_value(const struct key_context *c,
					   unsigned int vm,
					   const struct process_name *name)
{
	const struct process_name *first;
	size_t count;

	if (!name)
		return (struct key_value){ 0, KEY_UNKNOWN };
	first = process_map_names(c->guests[vm].processes, &count);
	return (struct key_value){ (uint64_t)vm << 32 | (name - first),
				   KEY_PROCESS };
}

const struct process_name *
key_context_process_at(const struct key_context *c, const struct key_value *v)
{
	size_t count;

	if (v->kind != KEY_PROCESS)
		return NULL;
	return process_map_names(c->guests[v->number >> 32].processes,
				 &count) + (uint32_t)v->number;
}

enum device key_context_device(struct key_context *c, unsigned int vm,
			       enum anchor_space space, uint64_t address)
{
	if (!c->devices_made || c->mapped != c->origin) {
		device_map_make(&c->devices, c->origin);
		c->mapped = c->origin;
		c->devices_made = true;
	}
	return device_at(&c->devices, vm, space, address);
}

bool key_context_is_ram(const struct key_context *c, unsigned int vm,
			uint64_t gpa)
{
	const struct origin_vm *of = c->origin ? origin_vm(c->origin, vm) : NULL;

	return of && origin_vm_has_ram(of, gpa);
}
