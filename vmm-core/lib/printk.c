/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's log.
 */
#include "vmm-core/lib/printk.h"

#include "vmm-core/lib/console.h"
#include "vmm-core/lib/spinlock.h"
#include "vmm-core/lib/x86.h"

#define LINE_BYTES 1024
/* after so many looks at the lock its holder is taken for dead */
#define LOCK_PATIENCE (1u << 24)

static struct spinlock log_lock;

static void log_write(const char *text)
{
	for (unsigned int i = 0; !spin_trylock(&log_lock); i++) {
		if (i == LOCK_PATIENCE)
			break;
		cpu_relax();
	}
	for (; *text; text++) {
		if (*text == '\n')
			console_log_putc('\r');
		console_log_putc(*text);
	}
	spin_unlock(&log_lock);
}

void printk(const char *fmt, ...)
{
	char line[LINE_BYTES];
	va_list args;

	va_start(args, fmt);
	vsnprintk(line, sizeof(line), fmt, args);
	va_end(args);
	log_write(line);
}
