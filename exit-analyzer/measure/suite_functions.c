/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-bench's operations among a machine's steps.
 */
#include "exit-analyzer/measure/suite_functions.h"

#include <errno.h>
#include <stdlib.h>

/* Runs of one row, from its mark on; first..last, both in it. */
struct stretch {
	const struct step_run *first, *last;
};

/* The next row's, from *at on. */
static bool stretch_next(const struct steps *steps, size_t *at,
			 struct stretch *s)
{
	size_t end;

	while (*at < steps->count && !(steps->run[*at].id & FUNCTIONS_ROW))
		++*at;
	if (*at == steps->count)
		return false;
	for (end = *at + 1; end < steps->count; end++)
		if (steps->run[end].id & FUNCTIONS_ROW)
			break;
	*s = (struct stretch){ &steps->run[*at], &steps->run[end - 1] };
	*at = end;
	return true;
}

/*
 * One operation. The TSC does not count an instruction that the emulator
 * breaks off because the hypervisor intercepts it; nor then does its sum.
 */
struct operation {
	const struct step_run *first, *last;
	uint64_t executed;
	uint64_t exits;		/* where the guest went over to the core */
	uint64_t spare;		/* of the first run's, before its start */
	uint64_t halted;	/* ticks before it, with the CPU halted */
};

/* By the guest: the core's readings are not of interest here. */
static bool tsc_was_read(const struct functions *f, const struct step_run *r)
{
	return r->id & FUNCTIONS_TSC && functions_of_guest(f, r->id);
}

static bool left_guest(const struct functions *f, const struct step_run *r)
{
	return functions_of_guest(f, r->id) &&
	       !functions_of_guest(f, r[1].id);
}

/* One run further back. */
static void operation_extend(const struct functions *f, struct operation *o)
{
	const struct step_run *r = --o->first;

	o->executed += r->count;
	o->exits += left_guest(f, r);
}

/* Back from a reading of the TSC to one that makes it as long as that. */
static bool operation_between(const struct functions *f,
			      const struct stretch *in,
			      const struct step_run *last, uint64_t ticks,
			      struct operation *o)
{
	*o = (struct operation){ .first = last, .last = last,
				 .executed = last->count };
	while (o->first > in->first && o->executed - o->exits <= ticks) {
		if (tsc_was_read(f, &o->first[-1]) && o->executed >= ticks)
			return true;
		operation_extend(f, o);
	}
	return false;
}

/* Back from a reading of the TSC by so many ticks; but not beyond where the
 * CPU woke up: before that no instruction ran. */
static bool operation_before(const struct functions *f,
			     const struct stretch *in,
			     const struct step_run *last, uint64_t ticks,
			     struct operation *o)
{
	*o = (struct operation){ .first = last, .last = last,
				 .executed = last->count };
	while (o->first > in->first && o->executed - o->exits < ticks) {
		if (o->first[-1].id & FUNCTIONS_HLT) {
			o->halted = ticks - (o->executed - o->exits);
			return true;
		}
		operation_extend(f, o);
	}
	o->spare = o->executed - o->exits - ticks;
	return o->executed - o->exits >= ticks && o->spare < o->first->count;
}

/* Nothing was taken off for measuring. */
static bool is_latency(const struct result_row *row)
{
	return row->rounds && row->round[row->rounds - 1] == row->p50;
}

/*
 * The last operation that took as long as the median one. A latency does not
 * begin where the TSC was read: there it is the last operation.
 */
static bool operation_find(const struct functions *f, const struct stretch *in,
			   const struct result_row *row, struct operation *o)
{
	const struct step_run *last = NULL;

	for (const struct step_run *r = in->last; r > in->first; r--) {
		if (!tsc_was_read(f, r))
			continue;
		if (!last)
			last = r;
		if (operation_between(f, in, r, row->p50, o))
			return true;
	}
	return last && is_latency(row) &&
	       operation_before(f, in, last, row->p50, o);
}

/* By function; what they come to is the row's ticks. */
static void operation_sum(const struct functions *f, const struct operation *o,
			  uint64_t ticks, uint64_t *sum)
{
	uint64_t uncounted = o->executed - o->spare - (ticks - o->halted);

	for (const struct step_run *r = o->first; r <= o->last; r++) {
		if (FUNCTIONS_NUMBER(r->id) >= functions_numbers(f))
			continue;
		sum[FUNCTIONS_NUMBER(r->id)] += r->count;
		if (r == o->first)
			sum[FUNCTIONS_NUMBER(r->id)] -= o->spare;
		if (uncounted && r < o->last && left_guest(f, r)) {
			sum[FUNCTIONS_NUMBER(r->id)]--;
			uncounted--;
		}
	}
}

static int row_tell(const struct functions *f, const struct operation *o,
		    struct result_row *row)
{
	uint64_t *sum = calloc(functions_numbers(f), sizeof(*sum));
	int err = 0;

	if (!sum)
		return -ENOMEM;
	operation_sum(f, o, row->p50, sum);
	if (o->halted)
		err = result_row_function(row, "[halted]", o->halted);
	if (!err)
		err = functions_write(f, sum, row);
	free(sum);
	return err;
}

int suite_functions_tell(const struct functions *f, const struct steps *steps,
		   struct result *r)
{
	struct operation operation;
	struct stretch in;
	size_t at = 0;
	int err = 0;

	if (steps->count && steps->run[steps->count - 1].id == STEPS_CUT)
		return -EFBIG;
	for (size_t i = 0; !err && i < r->rows; i++) {
		struct result_row *row = &r->row[i];

		result_row_functions_clear(row);
		if (!stretch_next(steps, &at, &in))
			return -EBADMSG;
		if (!row->skipped &&
		    operation_find(f, &in, row, &operation))
			err = row_tell(f, &operation, row);
	}
	return err;
}
