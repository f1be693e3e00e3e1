/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A 16550A serial port, wired to the physical console of the guest. Bytes
 * leave at once: the transmitter is always empty.
 */
#ifndef VMM_CORE_DEV_PC_UART_H
#define VMM_CORE_DEV_PC_UART_H

#include "vmm-core/dev/bus.h"
#include "vmm-core/lib/types.h"

#define UART_PORT		0x3f8
#define UART_FIFO_BYTES		16

struct uart {
	struct device dev;
	u8 ier, lcr, mcr, scratch, fcr;
	u16 divisor;
	u8 modem_delta;		/* low half of MSR, cleared by reading it */
	bool overrun;
	bool thre_pending;	/* the transmitter's interrupt, not yet seen */
	u8 fifo[UART_FIFO_BYTES];
	u8 fifo_first, fifo_bytes;
};

void uart_init(struct uart *uart);
int uart_add(struct uart *uart, struct bus *bus);
/* The physical console may have input: the next tick, due now, reads it. */
void uart_input_due(struct uart *uart);

/* offset from UART_PORT, 0 to 7 */
u8 uart_read(struct uart *uart, unsigned int offset);
void uart_write(struct uart *uart, unsigned int offset, u8 value);
/* A byte arrives; with a full FIFO it is lost, as the guest can see. */
void uart_receive(struct uart *uart, u8 byte);
bool uart_has_room(const struct uart *uart);
/* The level of its interrupt line. */
bool uart_irq(const struct uart *uart);

#endif
