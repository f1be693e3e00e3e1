/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Physical 16550s by polling. A port that is not there, or that nobody
 * empties, costs a bounded wait and then the byte: never the machine.
 */
#include "vmm-core/lib/console.h"

#include "vmm-core/lib/uart_regs.h"
#include "vmm-core/lib/x86.h"

#define DIVISOR_115200		1
#define FIFO_BYTES		16
/* looks at the LSR: 16 bytes take 1.4 ms, a look about 1 us */
#define PATIENCE		20000

struct uart_port {
	u16 base;		/* 0: none */
	u8 irq;
	u8 room;		/* bytes the FIFO takes without a look */
};

static struct uart_port ports[] = {
	{ .base = 0 },
	{ .base = 0x3f8, .irq = 4 },
	{ .base = 0x2f8, .irq = 3 },
	{ .base = 0x3e8, .irq = 4 },
	{ .base = 0x2e8, .irq = 3 },
};

static struct uart_port *log_port = &ports[0];
static struct uart_port *guest_port = &ports[0];

static struct uart_port *port_init(unsigned int com)
{
	struct uart_port *port = com < ARRAY_SIZE(ports) ? &ports[com] : ports;
	u16 base = port->base;

	/* no port answers with all ones, which no LSR shows */
	if (!base || inb(base + UART_LSR) == 0xff)
		return &ports[0];
	outb(base + UART_IER, 0);
	outb(base + UART_LCR, LCR_DLAB);
	outb(base + UART_DATA, DIVISOR_115200);
	outb(base + UART_IER, 0);
	outb(base + UART_LCR, LCR_8N1);
	outb(base + UART_IIR_FCR,
	     FCR_ENABLE | FCR_CLEAR_RX | FCR_CLEAR_TX);
	outb(base + UART_MCR, MCR_DTR | MCR_RTS | MCR_OUT2);
	return port;
}

void console_init(unsigned int log_com, unsigned int guest_com)
{
	log_port = port_init(log_com);
	guest_port = guest_com == log_com ? log_port : port_init(guest_com);
}

static void port_putc(struct uart_port *port, u8 c)
{
	if (!port->base)
		return;
	if (!port->room) {
		for (unsigned int i = 0; i < PATIENCE; i++) {
			if (inb(port->base + UART_LSR) & LSR_THRE) {
				port->room = FIFO_BYTES;
				break;
			}
			cpu_relax();
		}
		if (!port->room)
			return;
	}
	port->room--;
	outb(port->base + UART_DATA, c);
}

void console_log_putc(char c)
{
	port_putc(log_port, (u8)c);
}

void console_guest_putc(u8 c)
{
	port_putc(guest_port, c);
}

int console_guest_getc(void)
{
	u16 base = guest_port->base;

	if (!base || !(inb(base + UART_LSR) & LSR_DR))
		return -1;
	return inb(base + UART_DATA);
}

int console_guest_irq_enable(void)
{
	if (!guest_port->base)
		return -1;
	outb(guest_port->base + UART_IER, IER_RDI);
	return guest_port->irq;
}
