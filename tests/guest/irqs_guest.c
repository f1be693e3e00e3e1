/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts the interrupts that it is given, by every way there is: the timer's,
 * awake and halted, those it sends to itself, several at once when it opens
 * its ears, and the PIC's. Exceptions and INT n do not count and come in between.
 *
 * Before the first one it is silent for a while, and then says so with a mark:
 * whoever has seen that has been there from the beginning.
 */
#include "guests/runtime/guest.h"

#include "vmm-core/abi/hypercall.h"
#include "guests/runtime/apic.h"
#include "vmm-core/lib/x86.h"

#define ROUNDS			20
#define SILENT_TICKS		5000000000ull
#define TIMER_TICKS		1000000
#define VECTOR			0x40
#define VECTOR_AHEAD		0x50	/* of higher priority */
#define VECTOR_SOFT		0x60
#define VECTOR_PIC		0x20
#define NO_SUCH_MSR		0x4d4f4e45
#define RDMSR_BYTES		2
#define MSR_TSC_DEADLINE	0x6e0
#define LVT_TSC_DEADLINE	(2u << 17)
#define PIC_COMMAND		0x20
#define PIC_DATA		0x21
#define PIC_INIT		0x11	/* cascaded, and ICW4 follows */
#define PIC_8086		0x01
#define PIC_EOI			0x20
#define PIC_TIMER_ONLY		0xfe
#define PIT_CHANNEL0		0x40
#define PIT_COMMAND		0x43
#define PIT_RATE		0x34	/* channel 0, low then high, mode 2 */
#define PIT_ONCE		0x30	/* the same, mode 0 */

static volatile u64 came, soft;

static __attribute__((interrupt)) void of_apic(struct interrupt_frame *frame)
{
	(void)frame;
	came++;
	guest_apic_write(APIC_EOI, 0);
}

static __attribute__((interrupt)) void of_pic(struct interrupt_frame *frame)
{
	(void)frame;
	came++;
	outb(PIC_COMMAND, PIC_EOI);
}

static __attribute__((interrupt)) void of_int(struct interrupt_frame *frame)
{
	(void)frame;
	soft++;
}

static void no_interrupts(void)
{
	rdmsr(NO_SUCH_MSR);
	asm volatile("int %0" : : "i"(VECTOR_SOFT) : "memory");
}

static void timer(bool halted)
{
	u64 before = came;

	wrmsr(MSR_TSC_DEADLINE, rdtsc() + TIMER_TICKS);
	while (came == before) {
		if (halted) {
			irq_wait();
		} else {
			irq_window();
			cpu_relax();
		}
	}
}

static void sent_to_itself(void)
{
	irq_enable();
	x2apic_write(X2APIC_SELF_IPI, VECTOR);
	irq_disable();
}

/* The first is let in at once, which puts the second off until it has ended. */
static void two_that_waited(void)
{
	x2apic_write(X2APIC_SELF_IPI, VECTOR);
	x2apic_write(X2APIC_SELF_IPI, VECTOR_AHEAD);
	no_interrupts();
	irq_window();
}

static void pit(u8 command)
{
	outb(PIT_COMMAND, command);
	outb(PIT_CHANNEL0, 0);
	outb(PIT_CHANNEL0, 8);
}

/* A PIC that nobody has told anything lets nothing through. */
static void ticks_of_pic(void)
{
	u64 before = came;

	outb(PIC_COMMAND, PIC_INIT);
	outb(PIC_DATA, VECTOR_PIC);
	outb(PIC_DATA, 1u << 2);
	outb(PIC_DATA, PIC_8086);
	outb(PIC_DATA, PIC_TIMER_ONLY);
	pit(PIT_RATE);
	while (came < before + ROUNDS)
		irq_wait();
	outb(PIC_DATA, 0xff);
	pit(PIT_ONCE);
}

static void setup(void)
{
	guest_catch(RDMSR_BYTES);
	guest_set_interrupt(VECTOR, (u64)of_apic);
	guest_set_interrupt(VECTOR_AHEAD, (u64)of_apic);
	guest_set_interrupt(VECTOR_SOFT, (u64)of_int);
	guest_set_interrupt(VECTOR_PIC, (u64)of_pic);
	guest_apic_enable();
	guest_apic_write(APIC_LVT_TIMER, VECTOR | LVT_TSC_DEADLINE);
}

static void silence(void)
{
	static const struct guest_hypercall mark = { .number = HC_MARK };
	u64 start = rdtsc();

	guest_print("irqs-guest: ready\n");
	while (rdtsc() - start < SILENT_TICKS)
		cpu_relax();
	guest_hypercall(&mark);
}

void guest_main(void)
{
	setup();
	silence();
	for (int i = 0; i < ROUNDS; i++) {
		timer(true);
		timer(false);
		sent_to_itself();
		two_that_waited();
	}
	ticks_of_pic();
	guest_print("irqs-guest: came ");
	guest_print_number(came);
	guest_print(" faults ");
	guest_print_number(guest_faults);
	guest_print(" soft ");
	guest_print_number(soft);
	guest_print("\n");
}
