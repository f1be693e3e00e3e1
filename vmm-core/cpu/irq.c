/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Physical interrupts. Only the guest console's line is ever opened; timers
 * and kicks come from the local APICs.
 */
#include "vmm-core/cpu/irq.h"

#include "vmm-core/dev/platform.h"
#include "vmm-core/lib/console.h"
#include "vmm-core/lib/printk.h"
#include "vmm-core/lib/stop.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/mm/mm.h"
#include "vmm-core/mm/paging.h"
#include "vmm-core/cpu/apic.h"
#include "vmm-core/cpu/cpu.h"

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

/* a full virtual FIFO is looked at so often: as fast as a real port fills */
#define CONSOLE_POLL_NS		1000000ull

static struct vm *console_vm;

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

void irq_route_console(const struct firmware *fw, struct vm *vm)
{
	int irq = console_guest_irq_enable();
	const struct firmware_ioapic *io;
	const struct firmware_isa *isa;
	u32 low = VECTOR_CONSOLE;

	if (irq < 0)
		return;
	console_vm = vm;
	isa = &fw->isa[irq];
	if (INTI_POLARITY(isa->flags) == INTI_ACTIVE_LOW)
		low |= IOAPIC_LOW_ACTIVE;
	if (INTI_TRIGGER(isa->flags) == INTI_LEVEL)
		low |= IOAPIC_LEVEL;
	for (io = fw->ioapic; io < fw->ioapic + fw->ioapics; io++) {
		if (isa->gsi < io->gsi_base ||
		    isa->gsi - io->gsi_base >= io_entries(io))
			continue;
		io_write(io, IOAPIC_ENTRY(isa->gsi - io->gsi_base) + 1,
			 cpus[0]->apic_id << 24);
		io_write(io, IOAPIC_ENTRY(isa->gsi - io->gsi_base), low);
		return;
	}
	printk("no I/O APIC has the console's interrupt: no input\n");
}

/*
 * The port's line stays up, and so is not heard again, until it is empty.
 * While the guest's has no room for more, the timer comes back to it.
 */
static void console_input(struct cpu *cpu)
{
	int byte;

	cpu->poll_tsc = ~0ull;
	while (platform_console_room(console_vm)) {
		byte = console_guest_getc();
		if (byte < 0)
			return;
		platform_console_input(console_vm, (u8)byte);
	}
	cpu->poll_tsc = rdtsc() + ns_to_tsc(CONSOLE_POLL_NS);
	cpu_timer_arm(cpu, cpu->timer_deadline);
}

static void timer_fired(struct cpu *cpu)
{
	cpu->timer_deadline = ~0ull;
	if (rdtsc() >= cpu->poll_tsc)
		console_input(cpu);
}

void irq_handle(u8 vector)
{
	switch (vector) {
	case VECTOR_TIMER:
		timer_fired(this_cpu());
		break;
	case VECTOR_KICK:
		break;
	case VECTOR_CONSOLE:
		console_input(this_cpu());
		break;
	case VECTOR_PIC ... VECTOR_PIC_LAST:
	case VECTOR_SPURIOUS:
		/* spurious: nothing is in service, so nothing to acknowledge */
		return;
	default:
		panic_printk("interrupt %u, which nobody asked for", vector);
	}
	apic_write(APIC_EOI, 0);
}
