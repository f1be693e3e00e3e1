/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sort keys: the rows of keys.def with their functions. Every program groups
 * and names events through them, so a key that one has, all have.
 */
#ifndef EXIT_ANALYZER_STATS_KEY_H
#define EXIT_ANALYZER_STATS_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exit-analyzer/stats/key_context.h"

enum key {
#define KEY(NAME, name, heading, width, type, records, text, help) BY_##NAME,
#include "exit-analyzer/stats/keys.def"
	KEYS
};

enum key_type {
	KEY_TYPE_NAME,
	KEY_TYPE_ENUM,
	KEY_TYPE_COUNT,
	KEY_TYPE_HEX,
	KEY_TYPE_BOOL,
};

/* Bits of the kinds of records that have a key. */
#define KEY_EXITS	(1u << 0)
#define KEY_FLUSHES	(1u << 1)
#define KEY_CALLS	(1u << 2)

/* A value fit to print, but for what a guest may have put into a name. */
struct key_text {
	const char *text;	/* a name, or made */
	const char *tag;	/* to stand in brackets behind it, or NULL */
	char made[32];
};

struct key_row {
	const char *name, *heading, *help;
	int width;
	enum key_type type;
	unsigned int records;
	struct key_value (*of_event)(struct key_context *c,
				     const struct event_header *ev,
				     unsigned int cpu);
	/* of KEY_NUMBER and the kinds that only this key has */
	void (*to_text)(const struct key_context *c, const struct key_value *v,
			struct key_text *t);
};

extern const struct key_row key_rows[KEYS];

/* Makes any value of the key fit to print. */
void key_print(const struct key_context *c, enum key key,
	       const struct key_value *v, struct key_text *t);
/* Negative, 0 or positive: an order that depends on the values alone. */
int key_compare(const struct key_context *c, enum key key,
		const struct key_value *a, const struct key_value *b);
/*
 * Parses "reason,sym", keys that `records` have. The count, or -EINVAL and in
 * *bad, cut to fit, the name that is unknown or there twice.
 */
int key_parse(const char *list, unsigned int records, enum key keys[KEYS],
	      char *bad, size_t bad_bytes);

#endif
