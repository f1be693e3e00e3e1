/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows as they are collected.
 */
#include "vmtop/item.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

void item_safe_text(char *to, size_t bytes, const char *text)
{
	size_t i;

	for (i = 0; i + 1 < bytes && text[i]; i++)
		to[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	to[i] = '\0';
}

void item_vm_name(char *to, size_t bytes, const struct snapshot *snap, int vm)
{
	if (vm >= 0 && vm < (int)snap->vms && snap->vm[vm].name[0])
		item_safe_text(to, bytes, snap->vm[vm].name);
	else if (vm == SNAPSHOT_NO_VM)
		snprintf(to, bytes, "-");
	else
		snprintf(to, bytes, "vm%d", vm);
}
