/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events whose delivery an exit breaks off: the page of the IDT is gone when
 * the CPU looks for the handler (tests/plant/vcpu_ops.c). Each must come
 * once, at the right address, with its error code. Pages that may not be
 * written exit at a write, and only then.
 */
#include "guests/runtime/guest.h"

#include "guests/runtime/apic.h"
#include "tests/plant/vcpu_ops.h"
#include "vmm-core/lib/x86.h"

#define ROUNDS		10
#define VECTOR_NMI	2
#define VECTOR_BP	3
#define VECTOR_UD	6
#define VECTOR_GP	13
#define VECTOR_PF	14
#define VECTOR_IRQ	0x40
#define VECTOR_SOFT	0x60
#define ICR_NMI		0x400
#define NO_SUCH_MSR	0x4d4f4e45
#define NO_SUCH_PAGE	0x148000008ull	/* above what is mapped */

static u64 idt_page[512] __aligned(4096);
static u64 data_page[512] __aligned(4096);
extern const char at_bp[], at_ud[], at_gp[], at_pf[], at_soft[];

static volatile u64 came[256], bad;

static void expect(bool right)
{
	if (!right)
		bad++;
}

static __attribute__((interrupt)) void on_irq(struct interrupt_frame *frame)
{
	(void)frame;
	came[VECTOR_IRQ]++;
	guest_apic_write(APIC_EOI, 0);
}

static __attribute__((interrupt)) void on_nmi(struct interrupt_frame *frame)
{
	(void)frame;
	came[VECTOR_NMI]++;
}

static __attribute__((interrupt)) void on_soft(struct interrupt_frame *frame)
{
	came[VECTOR_SOFT]++;
	expect(frame->ip == (u64)at_soft + 2);
}

static __attribute__((interrupt)) void on_bp(struct interrupt_frame *frame)
{
	came[VECTOR_BP]++;
	expect(frame->ip == (u64)at_bp + 1);
}

static __attribute__((interrupt)) void on_ud(struct interrupt_frame *frame)
{
	came[VECTOR_UD]++;
	expect(frame->ip == (u64)at_ud);
	frame->ip += 2;
}

static __attribute__((interrupt)) void on_gp(struct interrupt_frame *frame,
					     u64 error)
{
	came[VECTOR_GP]++;
	expect(frame->ip == (u64)at_gp && !error);
	frame->ip += 2;
}

static __attribute__((interrupt)) void on_pf(struct interrupt_frame *frame,
					     u64 error)
{
	came[VECTOR_PF]++;
	expect(frame->ip == (u64)at_pf && error == 2 &&
	       read_cr2() == NO_SUCH_PAGE);
	frame->ip += 3;
}

/* From here on the IDT is alone on a page. */
static void idt_move(void)
{
	struct {
		u16 limit;
		u64 base;
	} __packed pointer;
	const u64 *old;

	asm volatile("sidt %0" : "=m"(pointer));
	old = (const u64 *)pointer.base;
	for (unsigned int i = 0; i < ARRAY_SIZE(idt_page); i++)
		idt_page[i] = old[i];
	pointer.base = (u64)idt_page;
	asm volatile("lidt %0" : : "m"(pointer));
}

static void hypercall_page(u64 number, const void *page)
{
	guest_hypercall(&(struct guest_hypercall){
		.number = number, .args = { (u64)page } });
}

static void idt_unmap(void)
{
	hypercall_page(HC_PLANT_UNMAP, idt_page);
}

static __attribute__((noinline)) void deliver_all(void)
{
	irq_enable();
	idt_unmap();
	x2apic_write(X2APIC_SELF_IPI, VECTOR_IRQ);
	irq_disable();
	idt_unmap();
	x2apic_write(APIC_ICR, ICR_NMI | ICR_ASSERT | ICR_SELF);
	idt_unmap();
	asm volatile("at_soft: int %0" : : "i"(VECTOR_SOFT) : "memory");
	idt_unmap();
	asm volatile("at_bp: int3" : : : "memory");
	idt_unmap();
	asm volatile("at_ud: ud2" : : : "memory");
	idt_unmap();
	asm volatile("at_gp: rdmsr" : : "c"(NO_SUCH_MSR) : "rax", "rdx");
	idt_unmap();
	asm volatile("at_pf: movb $1, (%0)" : : "r"(NO_SUCH_PAGE) : "memory");
}

/* Reads go through, the first write exits, and is not lost. */
static void write_protected(void)
{
	volatile u64 *word = &data_page[7];
	u64 before = *word;

	hypercall_page(HC_PLANT_READ_ONLY, data_page);
	expect(*word == before);
	*word = before + 1;
	*word += 1;
	expect(*word == before + 2);
}

static void print(const char *what, u64 n)
{
	guest_print(what);
	guest_print_number(n);
}

void guest_main(void)
{
	static const struct { u8 vector; const char *name; } rows[] = {
		{ VECTOR_IRQ, " irq " }, { VECTOR_NMI, " nmi " },
		{ VECTOR_SOFT, " soft " }, { VECTOR_BP, " bp " },
		{ VECTOR_UD, " ud " }, { VECTOR_GP, " gp " },
		{ VECTOR_PF, " pf " },
	};

	guest_set_interrupt(VECTOR_IRQ, (u64)on_irq);
	guest_set_interrupt(VECTOR_NMI, (u64)on_nmi);
	guest_set_interrupt(VECTOR_SOFT, (u64)on_soft);
	guest_set_interrupt(VECTOR_BP, (u64)on_bp);
	guest_set_interrupt(VECTOR_UD, (u64)on_ud);
	guest_set_interrupt(VECTOR_GP, (u64)on_gp);
	guest_set_interrupt(VECTOR_PF, (u64)on_pf);
	idt_move();
	guest_apic_enable();
	for (int i = 0; i < ROUNDS; i++) {
		deliver_all();
		write_protected();
	}
	print("broken_off-guest: bad ", bad);
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
		print(rows[i].name, came[rows[i].vector]);
	guest_print("\n");
}
