/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The wish to end, from a terminal or by kill: what is under way ends in
 * order. A signal that was caught also ends a sleep.
 */
#ifndef COMMAND_INTERRUPT_H
#define COMMAND_INTERRUPT_H

#include <signal.h>

/* Set once a signal was caught. */
extern volatile sig_atomic_t interrupted;

/* Also if our parent had it ignored. */
void interrupt_catch(int sig);
/* SIGINT, SIGTERM and SIGHUP, but what our parent had ignored (nohup) stays
 * so. */
void interrupt_catch_usual(void);

#endif
