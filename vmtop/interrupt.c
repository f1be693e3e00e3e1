/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ctrl-C and kill ask for an end; the loops that run look for it.
 */
#include "vmtop/interrupt.h"

volatile sig_atomic_t interrupted;

static void interrupt(int sig)
{
	(void)sig;
	interrupted = 1;
}

void interrupts_catch(void)
{
	struct sigaction act = { .sa_handler = interrupt };

	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
}
