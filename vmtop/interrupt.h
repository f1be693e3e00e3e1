/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The wish to end, where no screen is in the way.
 */
#ifndef VMTOP_INTERRUPT_H
#define VMTOP_INTERRUPT_H

#include <signal.h>

/* Set by SIGINT and SIGTERM, which also end a sleep. */
extern volatile sig_atomic_t interrupted;

void interrupts_catch(void);

#endif
