/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of the core, as every floor may ask for it. How the machine is
 * left is boot's business, which says so at the start (boot/stop.c).
 */
#ifndef VMM_CORE_LIB_STOP_H
#define VMM_CORE_LIB_STOP_H

#include "vmm-core/lib/types.h"

struct stop_ops {
	/* Stops all other CPUs, whatever they do, before the panic is told. */
	void (*others)(void);
	/* Leave the machine for good, with the reason. */
	void (*refused)(const char *why) __noreturn;
	void (*panicked)(void) __noreturn;
};

/* Once, before anything can go wrong. */
void stop_init(const struct stop_ops *ops);

/* Says that the core cannot go on, and stops all CPUs. */
void panic_printk(const char *fmt, ...) __printf(1, 2) __noreturn;
/* Says why the core will not start, here and in the anchor, and stops. */
void refuse(const char *fmt, ...) __printf(1, 2) __noreturn;

/* Stands still for good; only what cannot be masked comes in. */
static inline void __noreturn cpu_halt(void)
{
	for (;;)
		asm volatile("cli; hlt" : : : "memory");
}

#endif
