/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's log, and the ways to stop for good.
 */
#include "vmm-core/lib/printk.h"

#include "vmm-core/lib/console.h"
#include "vmm-core/lib/halt.h"
#include "vmm-core/lib/spinlock.h"
#include "vmm-core/lib/string.h"
#include "vmm-core/cpu/cpu.h"
#include "vmm-core/trace/trace.h"

#define LINE_BYTES 1024
/* after so many looks at the lock its holder is taken for dead */
#define LOCK_PATIENCE (1u << 24)

static struct spinlock log_lock;
static u16 exit_port;

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

void machine_exit_port(u16 port)
{
	exit_port = port;
}

void machine_leave(enum machine_state state)
{
	static const u8 status[] = {
		[MACHINE_STOPPED] = 0,
		[MACHINE_REFUSED] = 1,
		[MACHINE_PANICKED] = 2,
	};

	trace_state_publish(state);
	if (exit_port)
		outb(exit_port, status[state]);
	cpu_halt();
}

void panic_printk(const char *fmt, ...)
{
	char line[LINE_BYTES];
	va_list args;

	/* others see the state when the stop reaches them, and keep quiet */
	trace_state_publish(MACHINE_PANICKED);
	cpus_stop();
	va_start(args, fmt);
	vsnprintk(line, sizeof(line), fmt, args);
	va_end(args);
	log_write("vmm-core: PANIC: ");
	log_write(line);
	log_write("\n");
	machine_leave(MACHINE_PANICKED);
}

void refuse(const char *fmt, ...)
{
	char line[LINE_BYTES];
	va_list args;

	va_start(args, fmt);
	vsnprintk(line, sizeof(line), fmt, args);
	va_end(args);
	log_write("vmm-core: cannot start: ");
	log_write(line);
	log_write("\n");
	strlcpy(anchor.refusal, line, sizeof(anchor.refusal));
	anchor.state = MACHINE_REFUSED;
	trace_anchor_publish();
	machine_leave(MACHINE_REFUSED);
}
