/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In which functions the instructions of each row of exit-bench went, from
 * the steps of a deterministic machine.
 *
 * exit-bench measures an operation between two readings of the TSC, which
 * there counts instructions. So the operation is the stretch of steps that is
 * as long as the row's median, and ends where the TSC was read.
 */
#ifndef EXIT_ANALYZER_MEASURE_SUITE_FUNCTIONS_H
#define EXIT_ANALYZER_MEASURE_SUITE_FUNCTIONS_H

#include "exit-analyzer/measure/functions.h"

/*
 * Tells rows, as they are after suite_output_parse(), their functions. A row
 * whose operation is not to be found in the steps gets none. 0; -ENOMEM;
 * -EBADMSG: the steps are not of this suite's run; -EFBIG: they were cut.
 */
int suite_functions_tell(const struct functions *f, const struct steps *steps,
			 struct result *r);

#endif
