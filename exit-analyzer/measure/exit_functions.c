/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A traced guest's exits among a machine's steps.
 */
#include "exit-analyzer/measure/exit_functions.h"

#include <errno.h>
#include <stdlib.h>

#include "tracer/event/event_names.h"
#include "vmm-core/abi/event.h"

/* The next VMRUN from this step on, or the end. */
static size_t vmrun_next(const struct steps *steps, size_t at)
{
	while (at < steps->count && !(steps->run[at].id & FUNCTIONS_VMRUN))
		at++;
	return at;
}

/* The steps from the first reading of the TSC to the last. */
static void handling_sum(const struct functions *f, const struct step_run *run,
			 const struct step_run *end, uint64_t *sum)
{
	while (run < end && !(run->id & FUNCTIONS_TSC))
		run++;
	while (end > run && !(end[-1].id & FUNCTIONS_TSC))
		end--;
	while (run < end && ++run < end)
		if (FUNCTIONS_NUMBER(run->id) < functions_numbers(f))
			sum[FUNCTIONS_NUMBER(run->id)] += run->count;
}

static int exits_sum(const struct functions *f, const struct steps *steps,
		     const uint16_t *reason, size_t exits, uint64_t *sum)
{
	size_t at = vmrun_next(steps, 0), next, count = 0;

	for (; at < steps->count; at = next, count++) {
		next = vmrun_next(steps, at + 1);
		if (count < exits && reason[count] < EXIT_REASONS)
			handling_sum(f, &steps->run[at], &steps->run[next],
				     sum + reason[count] *
					   functions_numbers(f));
	}
	/* the last one need not have come to an end */
	return count == exits || count == exits + 1 ? 0 : -EBADMSG;
}

static int rows_write(const struct functions *f, const uint64_t *sum,
		      struct result *r)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < EXIT_REASONS; i++) {
		const char *name = event_exit_reason_name(i);
		struct result_row *row = name ? result_row_find(r, name) : NULL;

		if (!row)
			continue;
		result_row_functions_clear(row);
		err = functions_write(f, sum + i * functions_numbers(f), row);
	}
	return err;
}

int exit_functions_tell(const struct functions *f, const struct steps *steps,
			const uint16_t *reason, size_t exits,
			struct result *r)
{
	uint64_t *sum;
	int err;

	if (steps->count && steps->run[steps->count - 1].id == STEPS_CUT)
		return -EFBIG;
	sum = calloc(EXIT_REASONS * functions_numbers(f), sizeof(*sum));
	if (!sum)
		return -ENOMEM;
	err = exits_sum(f, steps, reason, exits, sum);
	if (!err)
		err = rows_write(f, sum, r);
	free(sum);
	return err;
}
