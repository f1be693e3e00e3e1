/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A row for each VM and device, and a few for addresses beside those.
 */
#include "exit-analyzer/live/devices.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "exit-analyzer/live/sampler_state.h"

#define USES_NAMED	(VM_SLOTS * DEVICES)
/* one more: what there was no row for */
#define USES		(USES_NAMED + DEVICES_ADDRESSES + 1)

struct device_use {
	struct device_place place;
	uint64_t total;		/* before this interval, since the reset */
	uint64_t reads, writes, bytes;
	/* exits that do not tell: pages no direction, REP no count */
	uint64_t undirected, unsized;
	struct histogram handle;
};

int devices_init(struct devices *d, const struct trace_machine *machine)
{
	d->machine = machine;
	d->addresses = 0;
	d->use = calloc(USES, sizeof(*d->use));
	for (size_t i = 0; d->use && i < USES_NAMED; i++)
		d->use[i].place = (struct device_place){
			.vm = i / DEVICES, .device = i % DEVICES };
	return d->use ? 0 : -ENOMEM;
}

void devices_exit(struct devices *d)
{
	for (size_t i = 0; d->use && i < USES; i++)
		histogram_clear(&d->use[i].handle);
	free(d->use);
	d->use = NULL;
}

/* Guests choose addresses: so few that looking through them is cheap. */
static struct device_use *address_use(struct devices *d, unsigned int vm,
				      enum device_place_kind kind,
				      uint64_t address)
{
	struct device_use *use = &d->use[USES_NAMED];
	const struct device_use *end = use + d->addresses;

	for (; use < end; use++)
		if (use->place.address == address && use->place.vm == (int)vm &&
		    use->place.kind == kind)
			return use;
	if (d->addresses == DEVICES_ADDRESSES) {
		use->place = (struct device_place){
			.vm = SNAPSHOT_NO_VM, .device = DEVICE_NONE,
			.kind = DEVICE_PLACE_OTHERS };
		return use;
	}
	d->addresses++;
	use->place = (struct device_place){
		.vm = vm, .device = DEVICE_NONE, .kind = kind,
		.address = address };
	return use;
}

/* A page that is memory has exits, too: when it is touched first. */
static bool is_memory(const struct devices *d, unsigned int vm, uint64_t gpa)
{
	const struct anchor_vm *of = &d->machine->vm[vm];

	if (vm >= ANCHOR_VMS_MAX)
		return false;
	for (unsigned int i = 0; i < of->extents && i < ANCHOR_EXTENTS_MAX; i++)
		if (gpa - of->extent[i].gpa < of->extent[i].bytes)
			return true;
	return false;
}

/* NULL: it is about no device. */
static struct device_use *use_of(struct devices *d, unsigned int vm,
				 const struct event_vmexit *exit)
{
	enum device_place_kind kind = DEVICE_PLACE_PORT;
	uint64_t address = exit->detail & 0xffff;
	enum device device;

	if (exit->reason == EXIT_IO) {
		device = device_of_port(address);
	} else if (exit->reason == EXIT_NPF) {
		if (is_memory(d, vm, exit->detail))
			return NULL;
		kind = DEVICE_PLACE_PAGE;
		address = exit->detail & ~0xfffull;
		device = device_of_page(exit->detail);
	} else {
		device = device_of_msr(exit->detail);
		if (device == DEVICE_NONE)
			return NULL;
	}
	return device == DEVICE_NONE ? address_use(d, vm, kind, address) :
				       &d->use[vm * DEVICES + device];
}

static void use_count(struct device_use *use, const struct event_vmexit *exit)
{
	bool write = exit->reason == EXIT_IO ?
		!!(exit->detail & EVENT_DETAIL_WRITE) :
		exit->reason == EXIT_MSR_WRITE;

	if (exit->reason == EXIT_NPF)
		use->undirected++;
	else if (write)
		use->writes++;
	else
		use->reads++;
	if (exit->reason == EXIT_IO && !(exit->detail & EVENT_DETAIL_REP))
		use->bytes += exit->detail >> 16 & 0xff;
	else
		use->unsized++;
}

bool devices_want(unsigned int reason)
{
	return reason == EXIT_IO || reason == EXIT_MSR_READ ||
		reason == EXIT_MSR_WRITE || reason == EXIT_NPF;
}

int devices_add(struct devices *d, unsigned int vm,
		const struct event_vmexit *exit)
{
	struct device_use *use = use_of(d, vm, exit);

	if (!use)
		return 0;
	use_count(use, exit);
	return histogram_add(&use->handle, exit->handle_cycles);
}

static void use_put(struct snapshot *snap, struct device_use *use)
{
	struct snapshot_device *row = &snap->device[snap->devices++];

	use->total += use->handle.count;
	row->place = use->place;
	row->reads = use->reads;
	row->writes = use->writes;
	row->bytes = use->bytes;
	row->directed = !use->undirected;
	row->sized = !use->unsized;
	cost_fill(&row->cost, &use->handle);
	row->cost.total = use->total;
	use->reads = 0;
	use->writes = 0;
	use->bytes = 0;
	use->undirected = 0;
	use->unsized = 0;
	/* what was not used may give its memory back */
	if (use->handle.count)
		histogram_reset(&use->handle);
	else
		histogram_clear(&use->handle);
}

int devices_cut(struct devices *d, struct snapshot *snap)
{
	size_t rows = 0;

	for (size_t i = 0; i < USES; i++)
		rows += d->use[i].total + d->use[i].handle.count > 0;
	snap->device = calloc(rows + 1, sizeof(*snap->device));
	if (!snap->device)
		return -ENOMEM;
	for (size_t i = 0; i < USES; i++)
		if (d->use[i].total + d->use[i].handle.count)
			use_put(snap, &d->use[i]);
	return 0;
}

void devices_reset(struct devices *d)
{
	for (size_t i = 0; i < USES; i++)
		d->use[i].total = 0;
}
