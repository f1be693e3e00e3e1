/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Refusing and panicking: the words. The deeds are boot's.
 */
#include "vmm-core/lib/stop.h"

#include "vmm-core/lib/printk.h"

/* with what is put before it, a line of printk() */
#define REASON_BYTES 960

static const struct stop_ops *stop;

void stop_init(const struct stop_ops *ops)
{
	stop = ops;
}

void panic_printk(const char *fmt, ...)
{
	char reason[REASON_BYTES];
	va_list args;

	stop->others();
	va_start(args, fmt);
	vsnprintk(reason, sizeof(reason), fmt, args);
	va_end(args);
	printk("vmm-core: PANIC: %s\n", reason);
	stop->panicked();
}

void refuse(const char *fmt, ...)
{
	char reason[REASON_BYTES];
	va_list args;

	va_start(args, fmt);
	vsnprintk(reason, sizeof(reason), fmt, args);
	va_end(args);
	printk("vmm-core: cannot start: %s\n", reason);
	stop->refused(reason);
}
