/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Leaving the machine.
 */
#ifndef VMM_CORE_BOOT_STOP_H
#define VMM_CORE_BOOT_STOP_H

#include "vmm-core/abi/anchor.h"
#include "vmm-core/lib/stop.h"
#include "vmm-core/lib/types.h"

extern const struct stop_ops machine_stop_ops;

/* The port of an isa-debug-exit device, by which an emulator is left. */
void machine_exit_port(u16 port);
/*
 * Publishes the state, leaves through the exit port (0 stopped, 1 refused,
 * 2 panicked), or halts where there is none.
 */
void machine_leave(enum machine_state state) __noreturn;

#endif
