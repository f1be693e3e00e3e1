/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The physical 16550 ports: one carries the core's log, one the guest's
 * console. Both may be the same port, or absent.
 */
#ifndef VMM_CORE_LIB_CONSOLE_H
#define VMM_CORE_LIB_CONSOLE_H

#include "vmm-core/lib/types.h"

/* 0: none; 1..4: COM1..COM4. Programs 115200 8n1 with FIFOs. */
void console_init(unsigned int log_com, unsigned int guest_com);
void console_log_putc(char c);
/* The guest's console. get returns -1 when no byte waits. */
void console_guest_putc(u8 c);
int console_guest_getc(void);
/* Interrupts on input from now on. Its ISA line, -1: there is no port. */
int console_guest_irq_enable(void);

#endif
