/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two 8259s, driven as Linux and PC firmware drive them.
 */
#include "tests/unit/core_vm.h"

#include "vmm-core/dev/bus.c"
#include "vmm-core/dev/irq/pic.c"

#define MASTER		0x20
#define SLAVE		0xa0
#define EOI		0x20
#define SPECIFIC_EOI	0x60

static struct pic pic;

/* Vectors 0x30 and 0x38, nothing masked. */
static void program(u8 icw4)
{
	pic_init(&pic);
	pic_write(&pic, MASTER, 0x11);
	pic_write(&pic, MASTER + 1, 0x30);
	pic_write(&pic, MASTER + 1, 0x04);
	pic_write(&pic, MASTER + 1, icw4);
	pic_write(&pic, SLAVE, 0x11);
	pic_write(&pic, SLAVE + 1, 0x38);
	pic_write(&pic, SLAVE + 1, 0x02);
	pic_write(&pic, SLAVE + 1, icw4);
}

static u8 read_isr(u16 chip)
{
	pic_write(&pic, chip, 0x0b);
	return pic_read(&pic, chip);
}

static u8 read_irr(u16 chip)
{
	pic_write(&pic, chip, 0x0a);
	return pic_read(&pic, chip);
}

static void mask_reads_back(void **state)
{
	(void)state;
	program(1);
	/* Linux' probe for the chip's existence */
	pic_write(&pic, MASTER + 1, 0xfb);
	assert_int_equal(pic_read(&pic, MASTER + 1), 0xfb);
	assert_int_equal(pic_read(&pic, SLAVE + 1), 0);
}

static void priority_and_eoi_order(void **state)
{
	(void)state;
	program(1);
	pic_set_line(&pic, 4, true);
	pic_set_line(&pic, 1, true);
	assert_int_equal(pic_vector(&pic), 0x31);
	assert_int_equal(pic_accept(&pic), 0x31);
	/* 4 is lower and waits for the EOI of 1 */
	assert_int_equal(pic_vector(&pic), -1);
	assert_int_equal(read_isr(MASTER), 0x02);
	assert_int_equal(read_irr(MASTER), 0x10);
	/* 0 is higher and interrupts it */
	pic_set_line(&pic, 0, true);
	assert_int_equal(pic_accept(&pic), 0x30);
	pic_write(&pic, MASTER, EOI);
	assert_int_equal(read_isr(MASTER), 0x02);
	assert_int_equal(pic_vector(&pic), -1);
	pic_write(&pic, MASTER, EOI);
	assert_int_equal(pic_accept(&pic), 0x34);
}

static void edge_needs_a_new_edge(void **state)
{
	(void)state;
	program(1);
	pic_set_line(&pic, 4, true);
	assert_int_equal(pic_accept(&pic), 0x34);
	pic_write(&pic, MASTER, EOI);
	assert_int_equal(pic_vector(&pic), -1);
	pic_set_line(&pic, 4, true);
	assert_int_equal(pic_vector(&pic), -1);
	pic_set_line(&pic, 4, false);
	pic_set_line(&pic, 4, true);
	assert_int_equal(pic_vector(&pic), 0x34);
}

static void level_speaks_until_served(void **state)
{
	(void)state;
	program(1);
	pic_write(&pic, 0x4d1, 0xff);
	/* 8 and 13 are edges for ever */
	assert_int_equal(pic_read(&pic, 0x4d1), 0xde);
	pic_set_line(&pic, 9, true);
	assert_int_equal(pic_accept(&pic), 0x39);
	pic_write(&pic, SLAVE, SPECIFIC_EOI | 1);
	pic_write(&pic, MASTER, SPECIFIC_EOI | 2);
	assert_int_equal(pic_vector(&pic), 0x39);
	pic_set_line(&pic, 9, false);
	assert_int_equal(pic_vector(&pic), -1);
}

static void slave_goes_through_input_two(void **state)
{
	(void)state;
	program(1);
	pic_set_line(&pic, 8, true);
	assert_int_equal(pic_accept(&pic), 0x38);
	assert_int_equal(read_isr(MASTER), 0x04);
	assert_int_equal(read_isr(SLAVE), 0x01);
	/* the master still serves input 2: nothing of the slave passes */
	pic_write(&pic, SLAVE, EOI);
	pic_set_line(&pic, 12, true);
	assert_int_equal(pic_vector(&pic), -1);
	pic_write(&pic, MASTER, EOI);
	assert_int_equal(pic_accept(&pic), 0x3c);
}

static void cascade_mask_silences_the_slave(void **state)
{
	(void)state;
	program(1);
	assert_true(pic_listens(&pic, 8));
	pic_write(&pic, MASTER + 1, 0x04);
	assert_false(pic_listens(&pic, 8));
	pic_set_line(&pic, 8, true);
	assert_int_equal(pic_vector(&pic), -1);
	pic_write(&pic, MASTER + 1, 0);
	assert_int_equal(pic_vector(&pic), 0x38);
}

static void special_mask_mode(void **state)
{
	(void)state;
	program(1);
	pic_set_line(&pic, 1, true);
	pic_accept(&pic);
	pic_set_line(&pic, 5, true);
	assert_int_equal(pic_vector(&pic), -1);
	/* masked while in service, it no longer blocks what is lower */
	pic_write(&pic, MASTER, 0x68);
	pic_write(&pic, MASTER + 1, 0x02);
	assert_int_equal(pic_vector(&pic), 0x35);
	pic_accept(&pic);
	/* the unspecific EOI passes over the masked one */
	pic_write(&pic, MASTER, EOI);
	assert_int_equal(read_isr(MASTER), 0x02);
	pic_write(&pic, MASTER, 0x48);
	pic_set_line(&pic, 6, true);
	assert_int_equal(pic_vector(&pic), -1);
}

static void rotation(void **state)
{
	(void)state;
	program(1);
	pic_set_line(&pic, 0, true);
	pic_accept(&pic);
	pic_write(&pic, MASTER, 0xa0);	/* rotate on EOI: 0 is lowest now */
	pic_set_line(&pic, 0, false);
	pic_set_line(&pic, 0, true);
	pic_set_line(&pic, 7, true);
	assert_int_equal(pic_accept(&pic), 0x37);
	pic_write(&pic, MASTER, EOI);
	pic_write(&pic, MASTER, 0xc7);	/* 7 is lowest, as at the start */
	pic_set_line(&pic, 7, false);
	pic_set_line(&pic, 7, true);
	assert_int_equal(pic_accept(&pic), 0x30);
}

static void auto_eoi(void **state)
{
	(void)state;
	program(3);
	pic_set_line(&pic, 3, true);
	assert_int_equal(pic_accept(&pic), 0x33);
	assert_int_equal(read_isr(MASTER), 0);
	pic_set_line(&pic, 6, true);
	assert_int_equal(pic_vector(&pic), 0x36);
}

static void poll_acknowledges(void **state)
{
	(void)state;
	program(1);
	pic_write(&pic, MASTER, 0x0c);
	assert_int_equal(pic_read(&pic, MASTER), 0);
	pic_set_line(&pic, 6, true);
	pic_write(&pic, MASTER, 0x0c);
	assert_int_equal(pic_read(&pic, MASTER), 0x86);
	assert_int_equal(pic_vector(&pic), -1);
	assert_int_equal(read_isr(MASTER), 0x40);
}

static void not_listening_before_programmed(void **state)
{
	(void)state;
	pic_init(&pic);
	assert_false(pic_listens(&pic, 0));
	pic_set_line(&pic, 0, true);
	assert_int_equal(pic_vector(&pic), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mask_reads_back),
		cmocka_unit_test(priority_and_eoi_order),
		cmocka_unit_test(edge_needs_a_new_edge),
		cmocka_unit_test(level_speaks_until_served),
		cmocka_unit_test(slave_goes_through_input_two),
		cmocka_unit_test(cascade_mask_silences_the_slave),
		cmocka_unit_test(special_mask_mode),
		cmocka_unit_test(rotation),
		cmocka_unit_test(auto_eoi),
		cmocka_unit_test(poll_acknowledges),
		cmocka_unit_test(not_listening_before_programmed),
	};

	return cmocka_run_group_tests_name("pic", tests, NULL, NULL);
}
