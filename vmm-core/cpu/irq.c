/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Physical interrupts. Lines are closed until somebody opens them; timers
 * and kicks come from the local APICs.
 */
#include "vmm-core/cpu/irq.h"

#include "vmm-core/cpu/apic.h"
#include "vmm-core/cpu/cpu.h"
#include "vmm-core/cpu/vectors.h"
#include "vmm-core/lib/stop.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/mm/mm.h"
#include "vmm-core/mm/paging.h"

/* 8259A: command and data ports of master and slave */
#define PIC_MASTER		0x20
#define PIC_SLAVE		0xa0
#define PIC_ICW1_INIT_ICW4	0x11
#define PIC_ICW4_8086		0x01

/* I/O APIC */
#define IOAPIC_SELECT		0x00
#define IOAPIC_WINDOW		0x10
#define IOAPIC_VERSION		1
#define IOAPIC_ENTRY(n)		(0x10 + 2 * (n))
#define IOAPIC_MASKED		BIT(16)
#define IOAPIC_LEVEL		BIT(15)
#define IOAPIC_LOW_ACTIVE	BIT(13)

/* MPS INTI flags */
#define INTI_POLARITY(flags)	((flags) & 3)
#define INTI_TRIGGER(flags)	((flags) >> 2 & 3)
#define INTI_ACTIVE_LOW		3
#define INTI_LEVEL		3

static struct irq_note notes[ISA_IRQS];

static u32 io_read(const struct firmware_ioapic *io, u32 reg)
{
	volatile u8 *base = hva(io->hpa);

	*(volatile u32 *)(base + IOAPIC_SELECT) = reg;
	return *(volatile u32 *)(base + IOAPIC_WINDOW);
}

static void io_write(const struct firmware_ioapic *io, u32 reg, u32 value)
{
	volatile u8 *base = hva(io->hpa);

	*(volatile u32 *)(base + IOAPIC_SELECT) = reg;
	*(volatile u32 *)(base + IOAPIC_WINDOW) = value;
}

static u32 io_entries(const struct firmware_ioapic *io)
{
	return (io_read(io, IOAPIC_VERSION) >> 16 & 0xff) + 1;
}

static void pic_mask(u16 port, u8 first_vector, u8 cascade)
{
	outb(port, PIC_ICW1_INIT_ICW4);
	outb(port + 1, first_vector);
	outb(port + 1, cascade);
	outb(port + 1, PIC_ICW4_8086);
	outb(port + 1, 0xff);
}

void irq_init(const struct firmware *fw)
{
	const struct firmware_ioapic *io;

	/* moved away from the exceptions: spurious ones come even if masked */
	pic_mask(PIC_MASTER, VECTOR_PIC, 1 << 2);
	pic_mask(PIC_SLAVE, VECTOR_PIC + 8, 2);
	for (io = fw->ioapic; io < fw->ioapic + fw->ioapics; io++) {
		paging_set_uncached(io->hpa);
		for (u32 n = 0; n < io_entries(io); n++)
			io_write(io, IOAPIC_ENTRY(n), IOAPIC_MASKED);
	}
}

int irq_isa_open(const struct firmware *fw, unsigned int line,
		 struct irq_note note)
{
	const struct firmware_isa *isa = &fw->isa[line];
	u32 low = VECTOR_ISA + line;
	const struct firmware_ioapic *io;

	if (INTI_POLARITY(isa->flags) == INTI_ACTIVE_LOW)
		low |= IOAPIC_LOW_ACTIVE;
	if (INTI_TRIGGER(isa->flags) == INTI_LEVEL)
		low |= IOAPIC_LEVEL;
	for (io = fw->ioapic; io < fw->ioapic + fw->ioapics; io++) {
		u32 n = isa->gsi - io->gsi_base;

		if (isa->gsi < io->gsi_base || n >= io_entries(io))
			continue;
		notes[line] = note;
		io_write(io, IOAPIC_ENTRY(n) + 1, cpus[0]->apic_id << 24);
		io_write(io, IOAPIC_ENTRY(n), low);
		return 0;
	}
	return -ENODEV;
}

static void __noreturn irq_unasked(u8 vector)
{
	panic_printk("interrupt %u, which nobody asked for", vector);
}

static void isa_note(u8 vector)
{
	const struct irq_note *note = &notes[vector - VECTOR_ISA];

	if (!note->leave)
		irq_unasked(vector);
	note->leave(note->whom);
}

void irq_handle(u8 vector)
{
	switch (vector) {
	case VECTOR_TIMER:
		this_cpu()->timer_deadline = ~0ull;
		break;
	case VECTOR_KICK:
		break;
	case VECTOR_ISA ... VECTOR_ISA_LAST:
		isa_note(vector);
		break;
	case VECTOR_PIC ... VECTOR_PIC_LAST:
	case VECTOR_SPURIOUS:
		/* spurious: nothing is in service, so nothing to acknowledge */
		return;
	default:
		irq_unasked(vector);
	}
	apic_write(APIC_EOI, 0);
}
