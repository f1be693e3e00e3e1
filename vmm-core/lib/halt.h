/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end: leaving the machine, or standing still.
 */
#ifndef VMM_CORE_LIB_HALT_H
#define VMM_CORE_LIB_HALT_H

#include "vmm-core/abi/anchor.h"
#include "vmm-core/lib/types.h"

/* Stands still for good; only what cannot be masked comes in. */
static inline void __noreturn cpu_halt(void)
{
	for (;;)
		asm volatile("cli; hlt" : : : "memory");
}

/* The port of an isa-debug-exit device, by which an emulator is left. */
void machine_exit_port(u16 port);
/*
 * Publishes the state, leaves through the exit port (0 stopped, 1 refused,
 * 2 panicked), or halts where there is none.
 */
void machine_leave(enum machine_state state) __noreturn;

#endif
