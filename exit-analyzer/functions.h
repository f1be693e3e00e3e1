/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In which functions of the core's and of exit-bench's the instructions of
 * each row went, from the steps of a deterministic machine.
 *
 * exit-bench measures an operation between two readings of the TSC, which
 * there counts instructions. So the operation is the stretch of steps that is
 * as long as the row's median, and ends where the TSC was read.
 */
#ifndef EXIT_ANALYZER_FUNCTIONS_H
#define EXIT_ANALYZER_FUNCTIONS_H

#include "exit-analyzer/result.h"
#include "vmm-core/machine/steps.h"

struct functions;

/* Of two ELF images with symbols, of which the guest is exit-bench. NULL,
 * and a sentence. */
struct functions *functions_open(const char *core, const char *guest,
				 char *why, size_t bytes);
void functions_free(struct functions *f);
/* For struct machine_config; they live as long as f. */
const struct step_range *functions_ranges(const struct functions *f,
					  size_t *count);
/*
 * Tells rows, as they are after suite_output_parse(), their functions.
 * A row whose operation is not to be found in the steps gets none. 0; -ENOMEM;
 * -EBADMSG: the steps are not of this suite's run; -EFBIG: they were cut.
 */
int functions_tell(const struct functions *f, const struct steps *steps,
		   struct result *r);

#endif
