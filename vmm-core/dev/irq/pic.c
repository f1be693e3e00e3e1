/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The 8259A pair, as in its data sheet: initialization command words (ICW),
 * operation command words (OCW), nested priorities, rotation, polling.
 *
 * A request latched from an edge stays latched when its line falls: devices
 * here pulse, and a spurious IRQ 7 helps nobody.
 */
#include "vmm-core/dev/irq/pic.h"

#include "vmm-core/lib/string.h"

#define CASCADE_INPUT	2

#define ICW1_INIT	0x10
#define ICW1_SINGLE	0x02
#define ICW1_ICW4	0x01
#define ICW4_SFNM	0x10
#define ICW4_AEOI	0x02
#define OCW3		0x08
#define OCW3_ESMM	0x40
#define OCW3_SMM	0x20
#define OCW3_POLL	0x04
#define OCW3_RR		0x02
#define OCW3_RIS	0x01

/* OCW2, bits 7:5 */
enum ocw2 {
	OCW2_AUTO_ROTATE_CLEAR,
	OCW2_EOI,
	OCW2_NOP,
	OCW2_SPECIFIC_EOI,
	OCW2_AUTO_ROTATE_SET,
	OCW2_ROTATE_EOI,
	OCW2_SET_PRIORITY,
	OCW2_ROTATE_SPECIFIC_EOI,
};

/* 0 is the highest priority. */
static unsigned int input_rank(const struct pic_chip *chip, unsigned int input)
{
	return (input - chip->lowest - 1) & 7;
}

/* The input of highest priority among those set, -1 for none. */
static int highest_input(const struct pic_chip *chip, u8 inputs)
{
	unsigned int rank;

	if (!inputs)
		return -1;
	for (rank = 0; rank < 7; rank++) {
		unsigned int input = (chip->lowest + 1 + rank) & 7;

		if (inputs & (1u << input))
			return (int)input;
	}
	return chip->lowest;
}

/* The input whose request may interrupt the CPU now, -1 for none. */
static int chip_request(const struct pic *pic, unsigned int index)
{
	const struct pic_chip *chip = &pic->chip[index];
	u8 blocking = chip->isr;
	int request, served;

	if (chip->special_mask)
		blocking &= ~chip->imr;
	/* the slave has its own idea of what may interrupt what */
	if (chip->special_nested && index == 0)
		blocking &= ~(1u << CASCADE_INPUT);

	request = highest_input(chip, chip->irr & ~chip->imr);
	served = highest_input(chip, blocking);
	if (request < 0)
		return -1;
	if (served >= 0 && input_rank(chip, (unsigned int)served) <=
			   input_rank(chip, (unsigned int)request))
		return -1;
	return request;
}

static void chip_set_line(struct pic_chip *chip, unsigned int input, bool level)
{
	u8 mask = (u8)(1u << input);

	if (chip->elcr & mask) {
		if (level)
			chip->irr |= mask;
		else
			chip->irr &= ~mask;
	} else if (level && !(chip->lines & mask)) {
		chip->irr |= mask;
	}
	if (level)
		chip->lines |= mask;
	else
		chip->lines &= ~mask;
}

static void pic_update(struct pic *pic)
{
	/* the slave's INT pin, followed as a level: no stale request remains */
	if (chip_request(pic, 1) >= 0)
		pic->chip[0].irr |= 1u << CASCADE_INPUT;
	else
		pic->chip[0].irr &= ~(1u << CASCADE_INPUT);
	pic->output = chip_request(pic, 0) >= 0;
}

void pic_init(struct pic *pic)
{
	memset(pic, 0, sizeof(*pic));
	pic->chip[0].lowest = pic->chip[1].lowest = 7;
	pic->chip[0].imr = pic->chip[1].imr = 0xff;
}

void pic_set_line(struct pic *pic, unsigned int irq, bool level)
{
	if (irq > 15 || irq == CASCADE_INPUT)
		return;
	chip_set_line(&pic->chip[irq >> 3], irq & 7, level);
	pic_update(pic);
}

int pic_vector(const struct pic *pic)
{
	int input;

	if (!pic->output)
		return -1;
	input = chip_request(pic, 0);
	if (input != CASCADE_INPUT)
		return pic->chip[0].vector_base + input;
	return pic->chip[1].vector_base + chip_request(pic, 1);
}

static void chip_accept(struct pic_chip *chip, unsigned int input)
{
	u8 mask = (u8)(1u << input);

	if (!(chip->elcr & mask))
		chip->irr &= ~mask;
	if (!chip->auto_eoi)
		chip->isr |= mask;
	else if (chip->auto_rotate)
		chip->lowest = (u8)input;
}

/* Acknowledges one chip's request; 7 is the answer to a request that went. */
static u8 chip_acknowledge(struct pic *pic, unsigned int index)
{
	int input = chip_request(pic, index);

	if (input < 0)
		return 7;
	chip_accept(&pic->chip[index], (unsigned int)input);
	return (u8)input;
}

u8 pic_accept(struct pic *pic)
{
	u8 input = chip_acknowledge(pic, 0);
	u8 vector = pic->chip[0].vector_base + input;

	if (input == CASCADE_INPUT)
		vector = pic->chip[1].vector_base + chip_acknowledge(pic, 1);
	pic_update(pic);
	return vector;
}

u8 pic_acknowledge(struct pic *pic)
{
	u8 vector;

	spin_lock(&pic->dev.lock);
	vector = pic_accept(pic);
	spin_unlock(&pic->dev.lock);
	return vector;
}

bool pic_raise(struct pic *pic, unsigned int irq, bool level)
{
	bool output;

	spin_lock(&pic->dev.lock);
	pic_set_line(pic, irq, level);
	output = pic->output;
	spin_unlock(&pic->dev.lock);
	return output;
}

/* The inputs whose edges could reach the CPU. */
static u16 pic_heard(const struct pic *pic)
{
	const struct pic_chip *master = &pic->chip[0], *slave = &pic->chip[1];
	u16 heard = 0;

	if (master->ready)
		heard = (u8)~master->imr;
	if (slave->ready && !(master->imr & 1u << CASCADE_INPUT))
		heard |= (u16)((u8)~slave->imr << 8);
	return heard;
}

bool pic_listens(const struct pic *pic, unsigned int irq)
{
	return pic_heard(pic) >> (irq & 15) & 1;
}

static void chip_end_interrupt(struct pic_chip *chip, int input, bool rotate)
{
	if (input < 0)
		return;
	chip->isr &= ~(1u << input);
	if (rotate)
		chip->lowest = (u8)input;
}

static void chip_write_ocw2(struct pic_chip *chip, u8 value)
{
	u8 served = chip->isr;

	/* a masked input in service is passed over in special mask mode */
	if (chip->special_mask)
		served &= ~chip->imr;

	switch ((enum ocw2)(value >> 5)) {
	case OCW2_AUTO_ROTATE_CLEAR:
	case OCW2_AUTO_ROTATE_SET:
		chip->auto_rotate = value >> 5 == OCW2_AUTO_ROTATE_SET;
		break;
	case OCW2_EOI:
	case OCW2_ROTATE_EOI:
		chip_end_interrupt(chip, highest_input(chip, served),
				 value >> 5 == OCW2_ROTATE_EOI);
		break;
	case OCW2_SPECIFIC_EOI:
	case OCW2_ROTATE_SPECIFIC_EOI:
		chip_end_interrupt(chip, value & 7,
				 value >> 5 == OCW2_ROTATE_SPECIFIC_EOI);
		break;
	case OCW2_SET_PRIORITY:
		chip->lowest = value & 7;
		break;
	case OCW2_NOP:
		break;
	}
}

static void chip_write_ocw3(struct pic_chip *chip, u8 value)
{
	if (value & OCW3_POLL)
		chip->poll = true;
	else if (value & OCW3_RR)
		chip->read_isr = value & OCW3_RIS;
	if (value & OCW3_ESMM)
		chip->special_mask = value & OCW3_SMM;
}

static void chip_write_icw1(struct pic_chip *chip, u8 value)
{
	/* an asserted line must fall and rise again to be seen as an edge */
	chip->irr = chip->lines & chip->elcr;
	chip->isr = 0;
	chip->imr = 0;
	chip->lowest = 7;
	chip->read_isr = chip->poll = false;
	chip->special_mask = chip->special_nested = false;
	chip->auto_eoi = chip->auto_rotate = false;
	chip->cascaded = !(value & ICW1_SINGLE);
	chip->icw4 = value & ICW1_ICW4;
	chip->icw_next = 2;
	chip->ready = false;
}

static void chip_write_data(struct pic_chip *chip, u8 value)
{
	switch (chip->icw_next) {
	case 0:
		chip->imr = value;
		return;
	case 2:
		chip->vector_base = value & 0xf8;
		chip->icw_next = chip->cascaded ? 3 : chip->icw4 ? 4 : 0;
		break;
	case 3:
		chip->icw_next = chip->icw4 ? 4 : 0;
		break;
	case 4:
		chip->special_nested = value & ICW4_SFNM;
		chip->auto_eoi = value & ICW4_AEOI;
		chip->icw_next = 0;
		break;
	}
	chip->ready = chip->icw_next == 0;
}

u8 pic_read(struct pic *pic, u16 port)
{
	unsigned int index = port >> 7 & 1;
	struct pic_chip *chip = &pic->chip[index];
	u8 value = 0;

	if (port >= 0x4d0)
		return pic->chip[port & 1].elcr;
	if (chip->poll) {
		chip->poll = false;
		if (chip_request(pic, index) >= 0)
			value = 0x80 | chip_acknowledge(pic, index);
		pic_update(pic);
		return value;
	}
	if (port & 1)
		return chip->imr;
	return chip->read_isr ? chip->isr : chip->irr;
}

/* The timer, keyboard, cascade, RTC and FPU inputs are always edges. */
static void pic_write_elcr(struct pic *pic, unsigned int index, u8 value)
{
	struct pic_chip *chip = &pic->chip[index];

	chip->elcr = value & (index ? 0xde : 0xf8);
	/* a line that is up requests as soon as its level counts */
	chip->irr |= chip->lines & chip->elcr;
}

void pic_write(struct pic *pic, u16 port, u8 value)
{
	struct pic_chip *chip = &pic->chip[port >> 7 & 1];

	if (port >= 0x4d0)
		pic_write_elcr(pic, port & 1, value);
	else if (port & 1)
		chip_write_data(chip, value);
	else if (value & ICW1_INIT)
		chip_write_icw1(chip, value);
	else if (value & OCW3)
		chip_write_ocw3(chip, value);
	else
		chip_write_ocw2(chip, value);
	pic_update(pic);
}

static u64 pic_port_read(struct device *dev, struct bus_access at)
{
	return pic_read((struct pic *)dev, (u16)at.address);
}

static void pic_port_write(struct device *dev, struct bus_access at, u64 value)
{
	struct pic *pic = (struct pic *)dev;
	u16 heard = pic_heard(pic);

	pic_write(pic, (u16)at.address, (u8)value);
	/* masks decide which timers are heard */
	if (pic_heard(pic) != heard)
		bus_schedule(dev->bus);
}

static const struct device_model pic_model = {
	.name = "pic",
	.range = {
		{ BUS_PORT, 1, 0x20, 0x21 },
		{ BUS_PORT, 1, 0xa0, 0xa1 },
		{ BUS_PORT, 1, 0x4d0, 0x4d1 },
	},
	.read = pic_port_read,
	.write = pic_port_write,
};

int pic_add(struct pic *pic, struct bus *bus)
{
	return bus_add(bus, &pic->dev, &pic_model);
}
