/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Says what comes in on its console: one line that it sleeps for and is
 * interrupted by, then as many bytes as the line says, without interrupts,
 * more than the FIFO holds.
 */
#include "guests/runtime/guest.h"

#include "vmm-core/lib/uart_regs.h"
#include "vmm-core/lib/x86.h"

#define COM1		0x3f8
#define PIC_COMMAND	0x20
#define PIC_DATA	0x21
#define VECTOR		0x44	/* the PIC's fifth input is COM1 */

static char line[80];
static volatile u32 bytes, interrupts;

static bool byte_waits(void)
{
	return inb(COM1 + UART_LSR) & LSR_DR;
}

static __attribute__((interrupt)) void input(struct interrupt_frame *frame)
{
	(void)frame;
	interrupts++;
	while (byte_waits() && bytes < sizeof(line) - 1)
		line[bytes++] = (char)inb(COM1 + UART_DATA);
	outb(PIC_COMMAND, 0x20);
}

static void pic_start(void)
{
	static const u8 words[] = { 0x40, 4, 1, (u8)~(1u << 4) };

	outb(PIC_COMMAND, 0x11);
	for (unsigned int i = 0; i < sizeof(words); i++)
		outb(PIC_DATA, words[i]);
}

static void line_read(void)
{
	while (!bytes || line[bytes - 1] != '\n')
		irq_wait();
}

void guest_main(void)
{
	u32 sum = 0, count;

	guest_set_interrupt(VECTOR, (u64)input);
	pic_start();
	outb(COM1 + UART_IIR_FCR, FCR_ENABLE | FCR_CLEAR_RX);
	outb(COM1 + UART_MCR, MCR_DTR | MCR_RTS | MCR_OUT2);
	outb(COM1 + UART_IER, IER_RDI);
	guest_print("echo-guest: ready\n");
	line_read();
	outb(COM1 + UART_IER, 0);
	guest_print("echo-guest: line ");
	guest_print(line);
	count = (u32)(line[0] - '0') * 100;
	guest_print("echo-guest: more\n");
	for (u32 i = 0; i < count; i++) {
		while (!byte_waits())
			cpu_relax();
		sum += inb(COM1 + UART_DATA);
	}
	guest_print("echo-guest: sum ");
	guest_print_number(sum);
	guest_print(interrupts ? "\n" : ", never interrupted\n");
}
