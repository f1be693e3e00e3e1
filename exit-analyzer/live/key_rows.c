/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values become text when the interval ends: the snapshot outlives what they
 * are looked up in.
 */
#include "exit-analyzer/live/key_rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Many keys are the guest's choice, and it may choose many values. */
#define ROWS_MOST	65536
#define VALUES_BYTES	4096

struct key_count {
	uint64_t count, cycles;
	uint32_t max_cycles;
};

int key_rows_choose(struct key_rows *k, const enum key *keys,
		    size_t count, struct key_context *context)
{
	k->context = context;
	return group_init(&k->group, keys, count, sizeof(struct key_count));
}

void key_rows_exit(struct key_rows *k)
{
	group_exit(&k->group);
	k->context = NULL;
}

static ssize_t row_find(struct key_rows *k,
			const struct event_vmexit *exit, unsigned int cpu)
{
	struct key_value values[KEYS];

	group_values(&k->group, k->context, &exit->h, cpu, values);
	if (group_rows(&k->group) >= ROWS_MOST &&
	    group_known(&k->group, values) == -ENOENT)
		for (size_t i = 0; i < k->group.keys; i++)
			values[i] = (struct key_value){ 0, KEY_OTHERS };
	return group_find(&k->group, values);
}

int key_rows_add(struct key_rows *k,
		 const struct event_vmexit *first, unsigned int records,
		 unsigned int cpu)
{
	size_t bytes = first->h.slots * (size_t)EVENT_SLOT_BYTES;
	const struct event_vmexit *exit = first;

	for (unsigned int i = 0; i < records; i++) {
		ssize_t row = row_find(k, exit, cpu);
		struct key_count *count;

		if (row < 0)
			return row;
		count = group_row(&k->group, row);
		count->count++;
		count->cycles += exit->handle_cycles;
		if (exit->handle_cycles > count->max_cycles)
			count->max_cycles = exit->handle_cycles;
		exit = (const void *)((const char *)exit + bytes);
	}
	return 0;
}

static uint64_t row_weight(const void *row)
{
	return ((const struct key_count *)row)->cycles;
}

/* All values as strings, one behind the other; NULL: out of memory. */
static char *values_print(const struct key_rows *k, size_t row)
{
	char text[VALUES_BYTES], *copy;
	size_t used = 0;

	for (size_t i = 0; i < k->group.keys; i++) {
		struct key_value v = group_value(&k->group, row, i);
		/* room for the ends of those behind */
		size_t room = sizeof(text) - used - (k->group.keys - i);
		struct key_text t;

		key_print(k->context, k->group.key[i], &v, &t);
		snprintf(text + used, room, t.tag ? "%s [%s]" : "%s", t.text,
			 t.tag);
		used += strlen(text + used) + 1;
	}
	copy = malloc(used);
	return copy ? memcpy(copy, text, used) : NULL;
}

static char *others_print(size_t keys)
{
	static const char others[] = "[others]";
	char *text = malloc(keys * sizeof(others));

	for (size_t i = 0; text && i < keys; i++)
		memcpy(text + i * sizeof(others), others, sizeof(others));
	return text;
}

/* Adds a row, or adds to the last one, which has those beyond `most`. */
static int row_put(struct key_rows *k, size_t row, size_t most,
		   struct snapshot *snap)
{
	const struct key_count *count = group_row(&k->group, row);
	struct snapshot_keyed *to = &snap->keyed[snap->keyeds];

	if (snap->keyeds > most) {
		to--;
	} else {
		to->values = snap->keyeds < most ? values_print(k, row) :
						   others_print(k->group.keys);
		if (!to->values)
			return -ENOMEM;
		snap->keyeds++;
	}
	to->count += count->count;
	to->cycles += count->cycles;
	if (count->max_cycles > to->max_cycles)
		to->max_cycles = count->max_cycles;
	return 0;
}

int key_rows_collect(struct key_rows *k, size_t most,
		     struct snapshot *snap)
{
	struct group anew;
	const uint32_t *sorted;
	int err = 0;

	if (!k->context)
		return 0;
	memcpy(snap->key, k->group.key, sizeof(snap->key));
	snap->keys = k->group.keys;
	sorted = group_sort(&k->group, k->context, row_weight);
	snap->keyed = calloc(most + 1, sizeof(*snap->keyed));
	if (!sorted || !snap->keyed)
		return -ENOMEM;
	for (size_t i = 0; !err && i < group_rows(&k->group); i++)
		err = row_put(k, sorted[i], most, snap);
	if (!err)
		err = group_init(&anew, k->group.key, k->group.keys,
				 sizeof(struct key_count));
	if (err)
		return err;
	group_exit(&k->group);
	k->group = anew;
	return 0;
}
