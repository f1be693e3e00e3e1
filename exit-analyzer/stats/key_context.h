/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Symbols, processes and the machine, where keys look up their values.
 */
#ifndef EXIT_ANALYZER_STATS_KEY_CONTEXT_H
#define EXIT_ANALYZER_STATS_KEY_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "exit-analyzer/stats/name_index.h"
#include "tracer/event/device_map.h"
#include "tracer/symbol/guest.h"
#include "vmm-core/abi/anchor.h"
#include "vmm-core/abi/event.h"

/* The meaning of a value's number. */
enum key_kind {
	KEY_NUMBER,		/* the number itself */
	KEY_NONE,		/* nothing: the event has no such thing */
	KEY_UNKNOWN,		/* nothing: nobody knows */
	KEY_OTHERS,		/* nothing: several values share the row */
	KEY_USER,		/* nothing: code of user mode */
	KEY_NAME,		/* one of the context's names */
	KEY_PROCESS,		/* a process of the context's */
	KEY_DEVICE,		/* enum device */
	KEY_PORT, KEY_PAGE,	/* an address where no device is */
	KEY_FAILED,		/* no value: out of memory */
};

struct key_value {
	uint64_t number;
	enum key_kind kind;
};

struct key_symbol_line;

/* One thread at a time. */
struct key_context {
	/* borrowed, set by the caller; NULL: not known */
	const struct origin *origin;
	struct guest *guests;	/* ANCHOR_VMS_MAX of them */
	/* Private Part */
	const struct origin *mapped;	/* by `devices`, if they are made */
	bool devices_made;
	struct device_map devices;
	struct name_index names;
	struct key_symbol_line *line;	/* the last symbols looked up */
	unsigned int line_bits;
	size_t misses;			/* since there are so many lines */
};

/* 0 or -ENOMEM. */
int key_context_init(struct key_context *c);
/* A zeroed struct is fine. */
void key_context_exit(struct key_context *c);
/* Forgets what was looked up: call it whenever a guest's symbols changed. */
void key_context_forget_symbols(struct key_context *c);

/* NULL: nothing is known of that VM's guest. */
static inline struct guest *key_context_guest(const struct key_context *c,
					      unsigned int vm)
{
	return c->guests && vm < ANCHOR_VMS_MAX ? &c->guests[vm] : NULL;
}

/* DEVICE_NONE: the VM has none there. */
enum device key_context_device(struct key_context *c, unsigned int vm,
			       enum anchor_space space, uint64_t address);
/* KEY_NAME, or KEY_NUMBER and the address where there is no symbol. */
struct key_value key_context_symbol(struct key_context *c, unsigned int vm,
				    uint64_t rip);
/* KEY_NAME of any text. */
struct key_value key_context_name(struct key_context *c, const char *name);
/* NULL: nobody that was seen. */
const struct process_name *
key_context_process(const struct key_context *c, unsigned int vm, uint64_t cr3,
		    uint64_t tsc);
/* KEY_PROCESS of what key_context_process() gave for that VM, or KEY_UNKNOWN. */
struct key_value key_context_process_value(const struct key_context *c,
					   unsigned int vm,
					   const struct process_name *name);
/* The opposite; NULL: the value is not a process. */
const struct process_name *
key_context_process_at(const struct key_context *c, const struct key_value *v);
/* Whether a VM has RAM at this guest-physical address. */
bool key_context_is_ram(const struct key_context *c, unsigned int vm,
			uint64_t gpa);

#endif
