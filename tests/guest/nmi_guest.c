/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * NMIs, sent to itself through the local APIC and by a timer through the
 * I/O APIC: each arrives whatever IF says, in a handler the next one waits
 * for the IRET, two that wait are one, and HLT with interrupts off ends.
 */
#include "guests/runtime/guest.h"

#include "guests/runtime/apic.h"
#include "vmm-core/lib/x86.h"

#define ROUNDS		50
#define VECTOR_NMI	2
#define VECTOR		0x40
#define ICR_NMI		0x400
#define SEND_NMI	(ICR_NMI | ICR_ASSERT | ICR_SELF)

#define IOAPIC		0xfec00000ull
#define IOAPIC_PIT	(0x10 + 2 * 2)
#define PIT_COMMAND	0x43
#define PIT_CHANNEL0	0x40
#define PIT_ONCE	0x30		/* channel 0, low then high, mode 0 */

static volatile u64 came, depth, deepest, in_handler, irqs, irqs_inside;
static u64 send_inside;

static void nmi_send(void)
{
	x2apic_write(APIC_ICR, SEND_NMI);
}

static __attribute__((interrupt)) void irq(struct interrupt_frame *frame)
{
	(void)frame;
	irqs++;
	irqs_inside += depth;
	guest_apic_write(APIC_EOI, 0);
}

static __attribute__((interrupt)) void nmi(struct interrupt_frame *frame)
{
	(void)frame;
	came++;
	if (++depth > deepest)
		deepest = depth;
	while (send_inside) {
		send_inside--;
		nmi_send();
		/* exits, at each of which one could slip in */
		cpuid(0, 0);
		inb(0x80);
		in_handler++;
	}
	depth--;
}

static void with_interrupts_on_and_off(void)
{
	nmi_send();
	irq_enable();
	nmi_send();
	irq_disable();
}

/* One more comes when the first has ended, however many were sent. */
static void inside_a_handler(u64 sent)
{
	send_inside = sent;
	nmi_send();
}

/* The one that waits comes before the first instruction behind IRET. */
static void directly_behind_iret(void)
{
	u64 before = came, after;

	send_inside = 1;
	asm volatile("wrmsr\n\tmov (%4), %0"
		     : "=r"(after)
		     : "c"(0x800 + APIC_ICR), "a"(SEND_NMI), "d"(0),
		       "r"(&came)
		     : "memory");
	if (after != before + 2)
		guest_print("nmi-guest: late\n");
}

/* An interrupt that waits meanwhile comes too, but not inside. */
static void with_an_interrupt(void)
{
	irq_disable();
	x2apic_write(X2APIC_SELF_IPI, VECTOR);
	send_inside = 1;
	nmi_send();
	irq_window();
}

static void ioapic_write(u32 reg, u32 value)
{
	*(volatile u32 *)IOAPIC = reg;
	*(volatile u32 *)(IOAPIC + 0x10) = value;
}

/* Nothing but the NMI can end this sleep. */
static void out_of_a_deaf_sleep(void)
{
	ioapic_write(IOAPIC_PIT + 1, guest_apic_id() << 24);
	ioapic_write(IOAPIC_PIT, ICR_NMI);
	outb(PIT_COMMAND, PIT_ONCE);
	outb(PIT_CHANNEL0, 0);
	outb(PIT_CHANNEL0, 8);
	asm volatile("cli; hlt" : : : "memory");
}

static void print(const char *what, u64 n)
{
	guest_print(what);
	guest_print_number(n);
}

void guest_main(void)
{
	guest_set_interrupt(VECTOR_NMI, (u64)nmi);
	guest_set_interrupt(VECTOR, (u64)irq);
	guest_apic_enable();
	for (int i = 0; i < ROUNDS; i++) {
		with_interrupts_on_and_off();	/* 2 NMIs */
		inside_a_handler(1);		/* 2 */
		inside_a_handler(3);		/* 2 */
		directly_behind_iret();		/* 2 */
		with_an_interrupt();		/* 2 */
	}
	out_of_a_deaf_sleep();			/* 1 */
	print("nmi-guest: came ", came);
	print(" inside ", in_handler);
	print(" deepest ", deepest);
	print(" irqs ", irqs);
	print(" inside ", irqs_inside);
	guest_print("\n");
}
