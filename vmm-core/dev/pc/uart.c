/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The 16550A. Line speed is not modelled: nothing has to wait, so the
 * receiver's timeout is reported as soon as fewer bytes wait than the
 * trigger level asks for.
 */
#include "vmm-core/dev/pc/uart.h"

#include "vmm-core/dev/clock.h"
#include "vmm-core/dev/irq/isa_lines.h"
#include "vmm-core/lib/console.h"
#include "vmm-core/lib/string.h"
#include "vmm-core/lib/uart_regs.h"

/* a full FIFO is looked at so often: as fast as a real port fills */
#define POLL_NS		1000000ull

void uart_init(struct uart *uart)
{
	memset(uart, 0, sizeof(*uart));
	uart->divisor = 12;	/* 9600 baud */
}

static unsigned int fifo_capacity(const struct uart *uart)
{
	return uart->fcr & FCR_ENABLE ? UART_FIFO_BYTES : 1;
}

static unsigned int fifo_trigger(const struct uart *uart)
{
	static const u8 trigger[4] = { 1, 4, 8, 14 };

	return uart->fcr & FCR_ENABLE ? trigger[uart->fcr >> 6] : 1;
}

bool uart_has_room(const struct uart *uart)
{
	return uart->fifo_bytes < fifo_capacity(uart);
}

static void fifo_put(struct uart *uart, u8 byte)
{
	unsigned int end = uart->fifo_first + uart->fifo_bytes;

	if (!uart_has_room(uart)) {
		uart->overrun = true;
		return;
	}
	uart->fifo[end % UART_FIFO_BYTES] = byte;
	uart->fifo_bytes++;
}

static u8 fifo_get(struct uart *uart)
{
	u8 byte;

	if (!uart->fifo_bytes)
		return 0;
	byte = uart->fifo[uart->fifo_first];
	uart->fifo_first = (uart->fifo_first + 1) % UART_FIFO_BYTES;
	uart->fifo_bytes--;
	return byte;
}

void uart_receive(struct uart *uart, u8 byte)
{
	/* the pin is cut off from the receiver in loopback */
	if (!(uart->mcr & MCR_LOOP))
		fifo_put(uart, byte);
}

/* The interrupt of highest priority, as IIR reports it. */
static u8 uart_interrupt_id(const struct uart *uart)
{
	if (uart->ier & IER_RLSI && uart->overrun)
		return IIR_RLSI;
	if (uart->ier & IER_RDI && uart->fifo_bytes)
		return uart->fifo_bytes >= fifo_trigger(uart) ? IIR_RDI :
								IIR_TIMEOUT;
	if (uart->ier & IER_THRI && uart->thre_pending)
		return IIR_THRI;
	if (uart->ier & IER_MSI && uart->modem_delta)
		return IIR_MSI;
	return IIR_NO_INT;
}

bool uart_irq(const struct uart *uart)
{
	/* OUT2 gates the line on a PC; loopback takes it off the pin */
	return (uart->mcr & (MCR_OUT2 | MCR_LOOP)) == MCR_OUT2 &&
	       uart_interrupt_id(uart) != IIR_NO_INT;
}

/* The modem's lines: a peer that is always there, or our own in loopback. */
static u8 uart_modem_lines(const struct uart *uart)
{
	u8 lines = 0;

	if (!(uart->mcr & MCR_LOOP))
		return MSR_DCD | MSR_DSR | MSR_CTS;
	if (uart->mcr & MCR_RTS)
		lines |= MSR_CTS;
	if (uart->mcr & MCR_DTR)
		lines |= MSR_DSR;
	if (uart->mcr & MCR_OUT1)
		lines |= MSR_RI;
	if (uart->mcr & MCR_OUT2)
		lines |= MSR_DCD;
	return lines;
}

static void uart_write_mcr(struct uart *uart, u8 value)
{
	u8 before = uart_modem_lines(uart), after;

	uart->mcr = value & 0x1f;
	after = uart_modem_lines(uart);
	/* the ring indicator reports its trailing edge only */
	uart->modem_delta |= (before ^ after) >> 4 & 0xb;
	uart->modem_delta |= (before & ~after & MSR_RI) >> 4;
}

static void uart_write_fcr(struct uart *uart, u8 value)
{
	if ((uart->fcr ^ value) & FCR_ENABLE || value & FCR_CLEAR_RX)
		uart->fifo_bytes = 0;
	uart->fcr = value & FCR_ENABLE ? value & FCR_KEPT : 0;
}

static void uart_write_data(struct uart *uart, u8 value)
{
	if (uart->mcr & MCR_LOOP)
		fifo_put(uart, value);
	else
		console_guest_putc(value);
	/* sent already: the transmitter asks for more */
	uart->thre_pending = true;
}

static void uart_write_ier(struct uart *uart, u8 value)
{
	if (value & ~uart->ier & IER_THRI)
		uart->thre_pending = true;
	uart->ier = value & 0xf;
}

static void uart_write_divisor(struct uart *uart, unsigned int shift, u8 value)
{
	uart->divisor &= (u16)~(0xffu << shift);
	uart->divisor |= (u16)(value << shift);
}

void uart_write(struct uart *uart, unsigned int offset, u8 value)
{
	if (uart->lcr & LCR_DLAB && offset <= UART_IER) {
		uart_write_divisor(uart, offset * 8, value);
		return;
	}
	switch (offset) {
	case UART_DATA:		uart_write_data(uart, value); break;
	case UART_IER:		uart_write_ier(uart, value); break;
	case UART_IIR_FCR:	uart_write_fcr(uart, value); break;
	case UART_LCR:		uart->lcr = value; break;
	case UART_MCR:		uart_write_mcr(uart, value); break;
	case UART_SCR:		uart->scratch = value; break;
	}
}

static u8 uart_read_iir(struct uart *uart)
{
	u8 id = uart_interrupt_id(uart);

	/* reading it is what ends the transmitter's interrupt */
	if (id == IIR_THRI)
		uart->thre_pending = false;
	return id | (uart->fcr & FCR_ENABLE ? IIR_FIFOS : 0);
}

static u8 uart_read_lsr(struct uart *uart)
{
	u8 value = LSR_THRE | LSR_TEMT;

	if (uart->fifo_bytes)
		value |= LSR_DR;
	if (uart->overrun)
		value |= LSR_OE;
	uart->overrun = false;
	return value;
}

static u8 uart_read_msr(struct uart *uart)
{
	u8 value = uart_modem_lines(uart) | uart->modem_delta;

	uart->modem_delta = 0;
	return value;
}

u8 uart_read(struct uart *uart, unsigned int offset)
{
	if (uart->lcr & LCR_DLAB && offset <= UART_IER)
		return (u8)(uart->divisor >> (offset * 8));
	switch (offset) {
	case UART_DATA:		return fifo_get(uart);
	case UART_IER:		return uart->ier;
	case UART_IIR_FCR:	return uart_read_iir(uart);
	case UART_LCR:		return uart->lcr;
	case UART_MCR:		return uart->mcr;
	case UART_LSR:		return uart_read_lsr(uart);
	case UART_MSR:		return uart_read_msr(uart);
	}
	return uart->scratch;
}

static u64 uart_port_read(struct device *dev, struct bus_access at)
{
	struct uart *uart = (struct uart *)dev;
	u8 value = uart_read(uart, at.address & 7);

	device_line(dev, uart_irq(uart));
	return value;
}

static void uart_port_write(struct device *dev, struct bus_access at, u64 value)
{
	struct uart *uart = (struct uart *)dev;

	uart_write(uart, at.address & 7, (u8)value);
	device_line(dev, uart_irq(uart));
}

/*
 * The physical port's line stays up, and so is not heard again, until the
 * port is empty. While this one has no room for more, the tick comes back.
 */
static void uart_tick(struct device *dev, u64 now)
{
	struct uart *uart = (struct uart *)dev;
	int byte = 0;

	while (byte >= 0 && uart_has_room(uart)) {
		byte = console_guest_getc();
		if (byte >= 0)
			uart_receive(uart, (u8)byte);
	}
	device_line(dev, uart_irq(uart));
	device_due(dev, byte < 0 ? TSC_NEVER : now + ns_to_tsc(POLL_NS));
}

static const struct device_model uart_model = {
	.name = "serial",
	.line = IRQ_COM1,
	.range = { { BUS_PORT, 1, UART_PORT, UART_PORT + 7 } },
	.read = uart_port_read,
	.write = uart_port_write,
	.tick = uart_tick,
};

int uart_add(struct uart *uart, struct bus *bus)
{
	return bus_add(bus, &uart->dev, &uart_model);
}

void uart_input_due(struct uart *uart)
{
	device_due(&uart->dev, 0);
}
