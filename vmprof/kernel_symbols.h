/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The symbols of the guests' kernels, from a machine's RAM into a trace.
 */
#ifndef VMPROF_KERNEL_SYMBOLS_H
#define VMPROF_KERNEL_SYMBOLS_H

#include <stddef.h>

#include "tracer/file/writer.h"
#include "machine/machine.h"

/*
 * One VM's, whatever its kernel has by now, counted in *count. 0; -EAGAIN:
 * there are none (yet), *why (static text) says what is missing; -ENOMEM, or
 * what the writer returned.
 */
int kernel_symbols_take(const struct machine *m, unsigned int vm,
			struct trace_writer *w, size_t *count,
			const char **why);

#endif
