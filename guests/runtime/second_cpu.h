/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Another CPU of the machine, started to be sent interrupts: it waits for
 * them running or halted, and says when one came.
 */
#ifndef GUESTS_RUNTIME_SECOND_CPU_H
#define GUESTS_RUNTIME_SECOND_CPU_H

#include "vmm-core/lib/types.h"

enum second_cpu_wait { SECOND_CPU_HALTED, SECOND_CPU_RUNNING };

/* Starts it at the first call, with its local APIC on. NULL: it waits, halted;
 * else the reason why the machine has no second CPU. */
const char *second_cpu_start(void);
/* How it waits from now on; returns once it does. false: it answers no more */
bool second_cpu_wait(enum second_cpu_wait how);
/* Sends it an interrupt and returns once its handler ran. false: as above. */
bool second_cpu_ping(void);

#endif
