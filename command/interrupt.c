/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ctrl-C and kill ask for an end; the loops that run look for it.
 */
#include "command/interrupt.h"

#include <stddef.h>

volatile sig_atomic_t interrupted;

static void interrupt_note(int sig)
{
	(void)sig;
	interrupted = 1;
}

void interrupt_catch(int sig)
{
	const struct sigaction act = { .sa_handler = interrupt_note };

	sigaction(sig, &act, NULL);
}

void interrupt_catch_usual(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction old;

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (!sigaction(signals[i], NULL, &old) &&
		    old.sa_handler != SIG_IGN)
			interrupt_catch(signals[i]);
}
