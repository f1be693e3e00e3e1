/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two 8259A interrupt controllers of a PC, the second on input 2 of the
 * first, with the edge/level control registers at 0x4d0.
 */
#ifndef VMM_CORE_DEV_IRQ_PIC_H
#define VMM_CORE_DEV_IRQ_PIC_H

#include "vmm-core/dev/bus.h"
#include "vmm-core/lib/types.h"

struct pic_chip {
	u8 irr, isr, imr;
	u8 lines;		/* levels of the inputs */
	u8 elcr;		/* 1: the input is level triggered */
	u8 vector_base;
	u8 lowest;		/* the input that has the lowest priority */
	u8 icw_next;		/* 2, 3, 4: that ICW is awaited; 0: none */
	bool icw4;		/* ICW1 announced it */
	bool cascaded;		/* ICW1: there is a second chip, so ICW3 comes */
	bool ready;		/* initialized once */
	bool read_isr, poll;	/* what the next read of the command port gives */
	bool special_mask, special_nested, auto_eoi, auto_rotate;
};

struct pic {
	struct device dev;
	struct pic_chip chip[2];
	bool output;		/* INTR is asserted: ask pic_vector() */
};

void pic_init(struct pic *pic);
/* Puts its ports on the bus. */
int pic_add(struct pic *pic, struct bus *bus);
void pic_set_line(struct pic *pic, unsigned int irq, bool level);
/* The same under its lock; whether INTR is asserted now. */
bool pic_raise(struct pic *pic, unsigned int irq, bool level);
/* The vector pic_accept() would give, -1 while INTR is low. */
int pic_vector(const struct pic *pic);
/* The CPU's interrupt acknowledge: the request is in service from now on. */
u8 pic_accept(struct pic *pic);
/* The same under its lock, for the vCPU loop. */
u8 pic_acknowledge(struct pic *pic);
/* An edge on this input could reach the CPU. */
bool pic_listens(const struct pic *pic, unsigned int irq);

/* Ports 0x20, 0x21, 0xa0, 0xa1, 0x4d0, 0x4d1. */
u8 pic_read(struct pic *pic, u16 port);
void pic_write(struct pic *pic, u16 port, u8 value);

#endif
