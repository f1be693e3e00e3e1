/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows as they are collected.
 */
#include "vmtop/table/item.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/event/printable.h"

struct item *item_add(struct item_list *list, const struct watch *w,
		      size_t target, size_t back)
{
	struct item *item;

	if (list->count == list->max) {
		size_t max = list->max ? 2 * list->max : 64;

		item = reallocarray(list->item, max, sizeof(*item));
		if (!item)
			return NULL;
		list->item = item;
		list->max = max;
	}
	item = &list->item[list->count++];
	*item = (struct item){
		.watch = w,
		.snap = watch_past(w, target, back),
		.back = back,
		.at = { target, SNAPSHOT_ALL, SNAPSHOT_ALL, SNAPSHOT_ALL },
		.running = -1,
		.last_reason = -1,
	};
	return item;
}

void item_list_free(struct item_list *list)
{
	free(list->item);
	memset(list, 0, sizeof(*list));
}

double item_seconds(const struct item *item, double cycles)
{
	return cycles / (item->snap->tsc_khz * 1e3);
}

static void symbol_print(const struct snapshot_symbol *s, char *to,
			 size_t bytes)
{
	if (!s->name)
		snprintf(to, bytes, "0x%llx", (unsigned long long)s->address);
	else if (s->module)
		snprintf(to, bytes, "%s [%s]", s->name, s->module);
	else
		snprintf(to, bytes, "%s", s->name);
}

/* All values, in the order of the keys. */
static void keyed_print(const struct snapshot_keyed *k, size_t keys, char *to,
			size_t bytes)
{
	const char *value = k->values;
	size_t used = 0;

	for (size_t i = 0; i < keys && used < bytes; i++) {
		used += snprintf(to + used, bytes - used, i ? ", %s" : "%s",
				 value);
		value += strlen(value) + 1;
	}
}

void item_name(const struct item *item, char *to, size_t bytes)
{
	to[0] = '\0';
	if (item->symbol)
		symbol_print(item->symbol, to, bytes);
	else if (item->process)
		snprintf(to, bytes, "%s [%u]", item->process->comm,
			 item->process->pid);
	else if (item->device)
		snapshot_device_print(item->device, to, bytes);
	else if (item->keyed)
		keyed_print(item->keyed, item->snap->keys, to, bytes);
	printable_text(to, bytes, to);
}

void item_key(const struct item *item, struct item_key *key)
{
	*key = (struct item_key){
		.at = item->at,
		.asid = item->asid,
		.tlb_scope = item->tlb_scope,
		.tlb_cause = item->tlb_cause,
		.guest = item->guest,
		.number = item->number,
	};
	item_name(item, key->name, sizeof(key->name));
}

/* A name is dear, and seldom needed to tell two rows apart. */
bool item_is(const struct item *item, const struct item_key *key)
{
	char name[ITEM_NAME_BYTES];

	if (item->at.target != key->at.target || item->at.vm != key->at.vm ||
	    item->at.vcpu != key->at.vcpu ||
	    item->at.reason != key->at.reason || item->asid != key->asid ||
	    item->tlb_scope != key->tlb_scope ||
	    item->tlb_cause != key->tlb_cause || item->guest != key->guest ||
	    item->number != key->number)
		return false;
	item_name(item, name, sizeof(name));
	return !strcmp(name, key->name);
}

static int name_order(const struct item *a, const struct item *b)
{
	char x[ITEM_NAME_BYTES], y[ITEM_NAME_BYTES];

	item_name(a, x, sizeof(x));
	item_name(b, y, sizeof(y));
	return strcmp(x, y);
}

int item_order(const struct item *a, const struct item *b)
{
	const int where[] = {
		a->at.target - b->at.target, a->at.vm - b->at.vm,
		a->at.vcpu - b->at.vcpu,
	};
	const int what[] = {
		a->at.reason - b->at.reason, a->asid - b->asid,
		a->tlb_cause - b->tlb_cause, a->tlb_scope - b->tlb_scope,
		a->guest - b->guest,
		(a->number > b->number) - (a->number < b->number),
	};
	int order;

	for (size_t i = 0; i < sizeof(where) / sizeof(where[0]); i++)
		if (where[i])
			return where[i];
	order = name_order(a, b);
	for (size_t i = 0; !order && i < sizeof(what) / sizeof(what[0]); i++)
		order = what[i];
	return order;
}

bool scope_has(int wanted, int value)
{
	return wanted == SNAPSHOT_ALL || wanted == value;
}

const struct snapshot *item_snapshot(const struct watch *w, size_t target,
				     size_t back, const struct scope *scope)
{
	return scope_has(scope->target, target) ?
		watch_past(w, target, back) : NULL;
}

void item_vm_name(char *to, size_t bytes, const struct snapshot *snap, int vm)
{
	if (vm >= 0 && vm < (int)snap->vms && snap->vm[vm].name[0])
		printable_text(to, bytes, snap->vm[vm].name);
	else if (vm == SNAPSHOT_NO_VM)
		snprintf(to, bytes, "-");
	else
		snprintf(to, bytes, "vm%d", vm);
}
