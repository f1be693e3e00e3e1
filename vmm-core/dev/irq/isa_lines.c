/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ISA interrupt lines, to both kinds of controller.
 */
#include "vmm-core/dev/irq/isa_lines.h"

#include "vmm-core/dev/irq/apic_bus.h"
#include "vmm-core/dev/irq/ioapic.h"
#include "vmm-core/dev/irq/pic.h"

/* The IOAPIC input that a line arrives at. */
static unsigned int line_pin(unsigned int line)
{
	return line == IRQ_PIT ? 2 : line;
}

static void isa_set(struct irq_lines *lines, unsigned int line, bool level)
{
	struct isa_lines *isa = (struct isa_lines *)lines;

	if (pic_raise(isa->pic, line, level))
		apic_bus_extint(isa->apics);
	ioapic_set_line(isa->ioapic, line_pin(line), level);
}

/* Reads masks without the controllers' locks: whoever changes one has the bus
 * ask again. */
static bool isa_listened(const struct irq_lines *lines, unsigned int line)
{
	const struct isa_lines *isa = (const struct isa_lines *)lines;

	return pic_listens(isa->pic, line) ||
	       ioapic_listens(isa->ioapic, line_pin(line));
}

void isa_lines_init(struct isa_lines *isa, struct pic *pic,
		    struct ioapic *ioapic, struct apic_bus *apics)
{
	*isa = (struct isa_lines){
		.lines = { .set = isa_set, .listened = isa_listened },
		.pic = pic, .ioapic = ioapic, .apics = apics,
	};
}
