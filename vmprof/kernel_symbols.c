/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The symbols of the guests' kernels, from a machine's RAM into a trace.
 */
#include "vmprof/kernel_symbols.h"

#include <errno.h>
#include <stdlib.h>

#include "tracer/guest/vm_kernel.h"

int kernel_symbols_take(const struct machine *m, unsigned int vm,
			struct trace_writer *w, size_t *count,
			const char **why)
{
	struct guest_kernel *k = vm_kernel_open(machine_view(m), vm, why);
	size_t bytes;
	char *text;
	int err;

	if (!k)
		return errno == ENOMEM ? -ENOMEM : -EAGAIN;
	*count = guest_kernel_symbols(k);
	*why = "its kallsyms tables cannot be read";
	err = guest_kernel_kallsyms(k, &text, &bytes, NULL);
	guest_kernel_close(k);
	if (err)
		return err == -ENOMEM ? err : -EAGAIN;
	err = trace_writer_kallsyms(w, vm, text, bytes);
	free(text);
	return err;
}
