/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The 16550A: found as one by the steps of Linux' 8250 driver, and its
 * interrupts in the order of the data sheet.
 */
#include "tests/unit/core_vm.h"

#include "vmm-core/dev/bus.c"
#include "vmm-core/dev/pc/uart.c"

static struct uart uart;

static u8 in(unsigned int reg)
{
	return uart_read(&uart, reg);
}

static void out(unsigned int reg, u8 value)
{
	uart_write(&uart, reg, value);
}

static void setup(u8 ier, u8 fcr)
{
	test_vm_init(1);
	uart_init(&uart);
	out(UART_MCR, MCR_OUT2);
	in(UART_MSR);
	out(UART_IIR_FCR, fcr);
	out(UART_IER, ier);
}

/* autoconfig(): interrupt enables keep four bits, loopback turns the modem
 * lines around, the FIFOs show in IIR. */
static void probed_as_16550a(void **state)
{
	(void)state;
	setup(0, 0);
	out(UART_IER, 0);
	assert_int_equal(in(UART_IER), 0);
	out(UART_IER, 0xff);
	assert_int_equal(in(UART_IER), 0x0f);
	out(UART_IER, 0);

	out(UART_MCR, MCR_LOOP | 0x0a);
	assert_int_equal(in(UART_MSR) & 0xf0, 0x90);
	out(UART_MCR, 0);

	out(UART_IIR_FCR, FCR_ENABLE);
	assert_int_equal(in(UART_IIR_FCR) >> 6, 3);
	/* 64-byte FIFOs: it is not a 16750 */
	out(UART_LCR, LCR_DLAB);
	out(UART_IIR_FCR, FCR_ENABLE | 0x20);
	assert_int_equal(in(UART_IIR_FCR) >> 5, 6);
	/* an enhanced UART would show its EFR, zero, here */
	out(UART_LCR, 0xbf);
	assert_int_not_equal(in(UART_IIR_FCR), 0);
	out(UART_LCR, 0);
	out(UART_SCR, 0xa5);
	assert_int_equal(in(UART_SCR), 0xa5);
}

/* size_fifo(): 16 bytes come back in loopback, at 115200 baud. */
static void loopback_fifo_size(void **state)
{
	unsigned int i, count = 0;

	(void)state;
	setup(0, FCR_ENABLE);
	out(UART_MCR, MCR_LOOP);
	for (i = 0; i < 256; i++)
		out(UART_DATA, (u8)i);
	while (in(UART_LSR) & LSR_DR)
		assert_int_equal(in(UART_DATA), count++);
	assert_int_equal(count, 16);
	assert_int_equal(test_console_bytes, 0);
}

static void divisor_latch(void **state)
{
	(void)state;
	setup(5, 0);
	out(UART_LCR, 0x80 | 3);
	out(UART_DATA, 0x34);
	out(UART_IER, 0x12);
	assert_int_equal(in(UART_DATA), 0x34);
	assert_int_equal(in(UART_IER), 0x12);
	out(UART_LCR, 3);
	assert_int_equal(in(UART_IER), 5);
	assert_int_equal(test_console_bytes, 0);
}

static void transmit_is_immediate(void **state)
{
	(void)state;
	setup(0, FCR_ENABLE);
	out(UART_DATA, 'h');
	out(UART_DATA, 'i');
	assert_int_equal(test_console_bytes, 2);
	assert_memory_equal(test_console, "hi", 2);
	assert_int_equal(in(UART_LSR), LSR_THRE | LSR_TEMT);
	assert_false(uart_irq(&uart));
}

/* As the driver's test for broken transmit interrupts expects it. */
static void transmit_interrupt(void **state)
{
	(void)state;
	setup(IER_THRI, FCR_ENABLE);
	assert_true(uart_irq(&uart));
	assert_int_equal(in(UART_IIR_FCR) & 0xf, IIR_THRI);
	/* reading IIR ended it */
	assert_false(uart_irq(&uart));
	assert_int_equal(in(UART_IIR_FCR) & 0xf, IIR_NO_INT);
	/* enabling it once more raises it once more */
	out(UART_IER, 0);
	out(UART_IER, IER_THRI);
	assert_int_equal(in(UART_IIR_FCR) & 0xf, IIR_THRI);
	out(UART_DATA, 'x');
	assert_true(uart_irq(&uart));
}

static void receive_interrupts(void **state)
{
	unsigned int i;

	(void)state;
	setup(IER_RDI, FCR_ENABLE | 0x80);	/* trigger at 8 */
	uart_receive(&uart, 'a');
	assert_true(uart_irq(&uart));
	assert_int_equal(in(UART_IIR_FCR) & 0xf, IIR_TIMEOUT);
	for (i = 1; i < 8; i++)
		uart_receive(&uart, (u8)('a' + i));
	assert_int_equal(in(UART_IIR_FCR) & 0xf, IIR_RDI);
	for (i = 0; i < 8; i++) {
		assert_int_equal(in(UART_LSR) & LSR_DR, LSR_DR);
		assert_int_equal(in(UART_DATA), 'a' + i);
	}
	assert_int_equal(in(UART_LSR) & LSR_DR, 0);
	assert_false(uart_irq(&uart));
}

static void overrun_is_told(void **state)
{
	unsigned int i;

	(void)state;
	setup(IER_RDI | IER_RLSI, FCR_ENABLE);
	for (i = 0; i < 16; i++) {
		assert_true(uart_has_room(&uart));
		uart_receive(&uart, (u8)i);
	}
	assert_false(uart_has_room(&uart));
	uart_receive(&uart, 99);
	/* line status comes first, and reading it ends it */
	assert_int_equal(in(UART_IIR_FCR) & 0xf, IIR_RLSI);
	assert_int_equal(in(UART_LSR) & LSR_OE, LSR_OE);
	assert_int_equal(in(UART_LSR) & LSR_OE, 0);
	assert_int_equal(in(UART_IIR_FCR) & 0xf, IIR_RDI);
	for (i = 0; i < 16; i++)
		assert_int_equal(in(UART_DATA), i);
}

static void clearing_the_fifo(void **state)
{
	(void)state;
	setup(IER_RDI, FCR_ENABLE);
	uart_receive(&uart, 1);
	out(UART_IIR_FCR, FCR_ENABLE | FCR_CLEAR_RX);
	assert_int_equal(in(UART_LSR) & LSR_DR, 0);
	assert_false(uart_irq(&uart));
}

static void without_fifos_one_byte(void **state)
{
	(void)state;
	setup(IER_RDI, 0);
	uart_receive(&uart, 1);
	assert_int_equal(in(UART_IIR_FCR), IIR_RDI);
	assert_false(uart_has_room(&uart));
}

static void out2_gates_the_line(void **state)
{
	(void)state;
	setup(IER_RDI, FCR_ENABLE);
	uart_receive(&uart, 1);
	out(UART_MCR, 0);
	assert_false(uart_irq(&uart));
	assert_int_equal(in(UART_IIR_FCR) & 0xf, IIR_RDI);
	out(UART_MCR, MCR_OUT2);
	assert_true(uart_irq(&uart));
}

static void modem_status(void **state)
{
	(void)state;
	setup(IER_MSI, 0);
	/* a peer is there */
	assert_int_equal(in(UART_MSR), MSR_DCD | MSR_DSR | MSR_CTS);
	out(UART_MCR, MCR_LOOP | MCR_OUT2);
	assert_int_equal(in(UART_IIR_FCR), IIR_MSI);
	assert_int_equal(in(UART_MSR), MSR_DCD | 0x03);
	assert_int_equal(in(UART_IIR_FCR), IIR_NO_INT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(probed_as_16550a),
		cmocka_unit_test(loopback_fifo_size),
		cmocka_unit_test(divisor_latch),
		cmocka_unit_test(transmit_is_immediate),
		cmocka_unit_test(transmit_interrupt),
		cmocka_unit_test(receive_interrupts),
		cmocka_unit_test(overrun_is_told),
		cmocka_unit_test(clearing_the_fifo),
		cmocka_unit_test(without_fifos_one_byte),
		cmocka_unit_test(out2_gates_the_line),
		cmocka_unit_test(modem_status),
	};

	return cmocka_run_group_tests_name("uart", tests, NULL, NULL);
}
