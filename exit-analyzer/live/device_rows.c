/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows stay from interval to interval, for their totals; addresses are the
 * guests' choice, so only a few of them have a row of their own.
 */
#include "exit-analyzer/live/device_rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/event/event_known.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const enum key keys[] = { BY_VM, BY_DEVICE };

/* Where they are among a row's values. */
enum {
	AT_VM, AT_DEVICE,
};

struct device_count {
	uint64_t total;		/* before this interval, since the reset */
	uint64_t reads, writes, bytes;
	/* exits that do not tell: pages no direction, REP no count */
	uint64_t undirected, unsized;
	struct histogram handle;
};

int device_rows_init(struct device_rows *d, struct key_context *context)
{
	d->context = context;
	d->addresses = 0;
	return group_init(&d->group, keys, ARRAY_SIZE(keys),
			  sizeof(struct device_count));
}

void device_rows_exit(struct device_rows *d)
{
	for (size_t i = 0; i < group_rows(&d->group); i++)
		histogram_clear(&((struct device_count *)
				  group_row(&d->group, i))->handle);
	group_exit(&d->group);
}

bool device_rows_want(unsigned int reason)
{
	return reason == EXIT_IO || reason == EXIT_MSR_READ ||
		reason == EXIT_MSR_WRITE || reason == EXIT_NPF;
}

/* The row, or that of all addresses that there is no room for; or -ENOMEM. */
static ssize_t row_find(struct device_rows *d, struct key_value *values)
{
	enum key_kind kind = values[AT_DEVICE].kind;
	ssize_t row;

	if (kind != KEY_PORT && kind != KEY_PAGE)
		return group_find(&d->group, values);
	row = group_known(&d->group, values);
	if (row != -ENOENT)
		return row;
	if (d->addresses < DEVICE_ROWS_ADDRESSES) {
		d->addresses++;
	} else {
		values[AT_VM].number = SNAPSHOT_NO_VM;
		values[AT_DEVICE] = (struct key_value){ 0, KEY_OTHERS };
	}
	return group_find(&d->group, values);
}

static enum event_access access_of(const struct event_vmexit *exit)
{
	if (exit->reason == EXIT_MSR_READ)
		return EVENT_ACCESS_READ;
	if (exit->reason == EXIT_MSR_WRITE)
		return EVENT_ACCESS_WRITE;
	if (!event_knows(&exit->h, EVENT_KNOWN_DETAIL))
		return EVENT_ACCESS_UNKNOWN;
	if (exit->reason == EXIT_NPF)
		return EVENT_NPF_ACCESS_OF(exit->detail);
	return exit->detail & EVENT_DETAIL_WRITE ? EVENT_ACCESS_WRITE :
						   EVENT_ACCESS_READ;
}

/* Adds them; false: how many is not known. */
static bool bytes_add(const struct event_vmexit *exit, uint64_t *bytes)
{
	if (!event_knows(&exit->h, EVENT_KNOWN_DETAIL))
		return false;
	if (exit->reason == EXIT_NPF) {
		*bytes += EVENT_NPF_BYTES_OF(exit->detail);
		return EVENT_NPF_BYTES_OF(exit->detail) != 0;
	}
	if (exit->reason != EXIT_IO || exit->detail & EVENT_DETAIL_REP)
		return false;
	*bytes += exit->detail >> 16 & 0xff;
	return true;
}

static void exit_count(struct device_count *count,
		       const struct event_vmexit *exit)
{
	switch (access_of(exit)) {
	case EVENT_ACCESS_READ:
	case EVENT_ACCESS_FETCH:
		count->reads++;
		break;
	case EVENT_ACCESS_WRITE:
		count->writes++;
		break;
	case EVENT_ACCESS_UNKNOWN:
	case EVENT_ACCESSES:
		count->undirected++;
	}
	count->unsized += !bytes_add(exit, &count->bytes);
}

int device_rows_add(struct device_rows *d, unsigned int vm,
		    const struct event_vmexit *exit)
{
	struct key_value values[ARRAY_SIZE(keys)];
	struct device_count *count;
	ssize_t row;

	group_values(&d->group, d->context, &exit->h, 0, values);
	if (values[AT_DEVICE].kind == KEY_NONE)
		return 0;
	values[AT_VM].number = vm;
	row = row_find(d, values);
	if (row < 0)
		return row;
	count = group_row(&d->group, row);
	exit_count(count, exit);
	return histogram_add(&count->handle, exit->handle_cycles);
}

static void row_take(const struct device_rows *d, size_t number,
		     struct snapshot_device *row)
{
	struct device_count *count = group_row(&d->group, number);
	struct histogram *h = &count->handle;

	count->total += h->count;
	row->vm = group_value(&d->group, number, AT_VM).number;
	row->device = group_value(&d->group, number, AT_DEVICE);
	row->reads = count->reads;
	row->writes = count->writes;
	row->bytes = count->bytes;
	row->directed = !count->undirected;
	row->sized = !count->unsized;
	cost_stats_fill(&row->cost, h);
	row->cost.total = count->total;
	/* what was not used may give its memory back */
	if (h->count)
		histogram_reset(h);
	else
		histogram_clear(h);
	*count = (struct device_count){ .total = count->total, .handle = *h };
}

static int row_rank(const struct snapshot_device *row)
{
	return row->device.kind == KEY_DEVICE ? 0 :
	       row->device.kind == KEY_OTHERS ? 2 : 1;
}

/* Devices, then addresses, then the others; each by VM. */
static int row_compare(const void *a, const void *b)
{
	const struct snapshot_device *x = a, *y = b;
	int order = row_rank(x) - row_rank(y);

	if (!order)
		order = x->vm - y->vm;
	if (!order)
		order = (int)x->device.kind - (int)y->device.kind;
	if (!order)
		order = (x->device.number > y->device.number) -
			(x->device.number < y->device.number);
	return order;
}

int device_rows_collect(struct device_rows *d, struct snapshot *snap)
{
	size_t rows = group_rows(&d->group);

	snap->device = calloc(rows + 1, sizeof(*snap->device));
	if (!snap->device)
		return -ENOMEM;
	for (size_t i = 0; i < rows; i++) {
		struct snapshot_device *row = &snap->device[snap->devices];

		row_take(d, i, row);
		if (row->cost.total)
			snap->devices++;
		else
			memset(row, 0, sizeof(*row));
	}
	qsort(snap->device, snap->devices, sizeof(*snap->device), row_compare);
	return 0;
}

void device_rows_reset(struct device_rows *d)
{
	for (size_t i = 0; i < group_rows(&d->group); i++)
		((struct device_count *)group_row(&d->group, i))->total = 0;
}
