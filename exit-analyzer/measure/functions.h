/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The functions that a deterministic machine is followed by: all of the
 * core's, and either those of one guest image or the guest as a whole.
 *
 * The id of a step is a function's number, and says whether it is one of the
 * instructions that are found again by it.
 */
#ifndef EXIT_ANALYZER_MEASURE_FUNCTIONS_H
#define EXIT_ANALYZER_MEASURE_FUNCTIONS_H

#include <stdbool.h>

#include "exit-analyzer/result/result.h"
#include "machine/steps.h"

#define FUNCTIONS_ROW	(1u << 31)	/* the first of exit-bench's row_run() */
#define FUNCTIONS_TSC	(1u << 30)	/* RDTSC */
#define FUNCTIONS_HLT	(1u << 29)	/* where the core waits */
#define FUNCTIONS_VMRUN	(1u << 28)
#define FUNCTIONS_NUMBER(id) ((id) & (FUNCTIONS_VMRUN - 1))

struct functions;

/* Opens ELF images that have symbols; guest NULL: any guest. NULL, and a
 * sentence. */
struct functions *functions_open(const char *core, const char *guest,
				 char *why, size_t bytes);
void functions_free(struct functions *f);
/* For struct machine_config; they live as long as f. */
const struct step_range *functions_ranges(const struct functions *f,
					  size_t *count);
/* Numbers are below this; 0 is code that is neither core nor guest. */
size_t functions_numbers(const struct functions *f);
bool functions_of_guest(const struct functions *f, uint32_t id);
/* Adds to a row what was executed, by number. 0 or -ENOMEM. */
int functions_write(const struct functions *f, const uint64_t *sum,
		    struct result_row *row);

#endif
