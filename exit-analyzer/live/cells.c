/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A cell for each vCPU and reason, which an exit finds by two indexes. Most
 * events are exits, and what costs most of an exit is waiting for memory: so a
 * few are looked at together, what they need is asked for, and then they are
 * counted.
 */
#include "exit-analyzer/live/sampler_state.h"

#include <errno.h>
#include <stdlib.h>

/* More would leave the L1 cache again. */
#define TOGETHER 64

/* Where an exit is going to be counted. */
struct aim {
	struct cell *cell;
	size_t slot;		/* of its place, unless that has moved */
};

static struct cell *cell_new(struct sampler *s, struct vcpu *vcpu,
			     unsigned int vm, const struct event_vmexit *exit)
{
	struct cell *cell = calloc(1, sizeof(*cell));

	if (!cell || places_init(&cell->places, &s->places)) {
		free(cell);
		return NULL;
	}
	cell->owner = (struct symbol_rows_owner){ vm, exit->vcpu,
						  exit->reason };
	cell->device = devices_want(exit->reason);
	cell->min_cycles = UINT32_MAX;
	cell->next = s->cells;
	s->cells = cell;
	vcpu->cell[exit->reason] = cell;
	return cell;
}

/* All but the place: that is far away. */
static inline int exit_aim(struct sampler *s, unsigned int vm,
			   const struct event_vmexit *exit, struct aim *aim)
{
	struct vcpu *vcpu = sampler_vcpu(s, vm, exit->vcpu);
	struct cell *cell = vcpu ? vcpu->cell[exit->reason] : NULL;
	uint32_t *counter;

	if (vcpu && !cell)
		cell = cell_new(s, vcpu, vm, exit);
	if (!cell || !processes_add(&s->processes, &vcpu->run, exit))
		return -ENOMEM;
	vcpu->last_reason = exit->reason;
	aim->cell = cell;
	aim->slot = places_slot(&cell->places, exit->rip);
	__builtin_prefetch(&cell->places.place[aim->slot], 1);
	cell->blocked_cycles += exit->blocked_cycles;
	if (exit->handle_cycles < cell->min_cycles)
		cell->min_cycles = exit->handle_cycles;
	counter = histogram_counter(&cell->handle, exit->handle_cycles);
	if (!counter)
		return histogram_count(&cell->handle, exit->handle_cycles);
	++*counter;
	return 0;
}

static inline struct place *exit_place(struct places *p,
				       const struct event_vmexit *exit,
				       size_t slot)
{
	if (exit->cpl == 3)
		return &p->user;
	return place_is(&p->place[slot], exit->rip) ?
		&p->place[slot] : places_find(p, exit->rip);
}

static inline int exit_count(struct sampler *s, const struct event_vmexit *exit,
			     const struct aim *aim)
{
	struct cell *cell = aim->cell;
	struct place *place = exit_place(&cell->places, exit, aim->slot);

	if (!place)
		return -ENOMEM;
	place_count(place, exit->handle_cycles);
	return cell->device ?
		devices_add(&s->devices, cell->owner.vm, exit) : 0;
}

/* So many; all have one VM and length. */
static int exits_add(struct sampler *s, const struct event_vmexit *first,
		     unsigned int records)
{
	size_t bytes = first->h.slots * (size_t)EVENT_SLOT_BYTES;
	const struct event_vmexit *exit = first;
	unsigned int vm = sampler_vm(&first->h);
	struct aim aim[TOGETHER];

	for (unsigned int i = 0; i < records; i++) {
		int err = exit_aim(s, vm, exit, &aim[i]);

		if (err)
			return err;
		exit = (const void *)((const char *)exit + bytes);
	}
	exit = first;
	for (unsigned int i = 0; i < records; i++) {
		int err = exit_count(s, exit, &aim[i]);

		if (err)
			return err;
		exit = (const void *)((const char *)exit + bytes);
	}
	return 0;
}

int cells_add(struct sampler *s, const struct event_header *first,
	      unsigned int records)
{
	int err = 0;

	while (!err && records) {
		unsigned int n = records < TOGETHER ? records : TOGETHER;

		err = exits_add(s, (const struct event_vmexit *)first, n);
		first = event_run_record(first, n);
		records -= n;
	}
	return err;
}

/* What the places counted goes to their rows, and their sum to the costs. */
static int cell_settle(struct sampler *s, struct cell *cell)
{
	uint64_t count = 0, cycles = 0, max = 0;
	struct place *place = NULL;

	while ((place = places_next(&cell->places, place))) {
		int err;

		if (!place->count)
			continue;
		count += place->count;
		cycles += place->cycles;
		if (place->max_cycles > max)
			max = place->max_cycles;
		err = symbol_rows_settle(&s->symbols, &cell->owner,
					 &cell->places, place);
		if (err)
			return err;
	}
	histogram_counted(&cell->handle, count, cycles,
			  count ? cell->min_cycles : 0, max);
	return 0;
}

int cells_settle(struct sampler *s)
{
	int err = 0;

	for (struct cell *cell = s->cells; !err && cell; cell = cell->next)
		err = cell_settle(s, cell);
	return err;
}

/* What did not happen in this interval may give its memory back. */
void cells_empty(struct sampler *s)
{
	for (struct cell *cell = s->cells; cell; cell = cell->next) {
		cell->total += cell->handle.count;
		cell->blocked_cycles = 0;
		cell->min_cycles = UINT32_MAX;
		if (cell->handle.count)
			histogram_reset(&cell->handle);
		else
			histogram_clear(&cell->handle);
	}
}

void cells_ask(struct sampler *s)
{
	for (struct cell *cell = s->cells; cell; cell = cell->next)
		for (struct place *place = places_next(&cell->places, NULL);
		     place; place = places_next(&cell->places, place))
			place->row = PLACE_NEW;
}

int cells_forget_places(struct sampler *s)
{
	int err = symbol_rows_forget(&s->symbols);

	places_pool_init(&s->places);
	for (struct cell *cell = s->cells; !err && cell; cell = cell->next) {
		places_exit(&cell->places);
		err = places_init(&cell->places, &s->places);
	}
	return err;
}

void cells_free(struct sampler *s)
{
	while (s->cells) {
		struct cell *cell = s->cells;

		s->cells = cell->next;
		places_exit(&cell->places);
		histogram_clear(&cell->handle);
		free(cell);
	}
}
