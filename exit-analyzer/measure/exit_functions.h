/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In which functions of the core the handling of a traced guest's exits went,
 * by reason, from the steps of a deterministic machine.
 *
 * Each VMRUN ends in one exit, which is one record: the steps say what was
 * executed, the record why. Handling is what lies between the first and the
 * last reading of the TSC before the next VMRUN.
 */
#ifndef EXIT_ANALYZER_MEASURE_EXIT_FUNCTIONS_H
#define EXIT_ANALYZER_MEASURE_EXIT_FUNCTIONS_H

#include "exit-analyzer/measure/functions.h"

/*
 * Tells the rows of reasons their functions; reason has that of each exit, in
 * order. 0; -ENOMEM; -EBADMSG: steps and exits are not of one run; -EFBIG: the
 * steps were cut.
 */
int exit_functions_tell(const struct functions *f, const struct steps *steps,
			const uint16_t *reason, size_t exits,
			struct result *r);

#endif
