/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions that the core completes in a device's memory, the IOAPIC's: its
 * redirection entries keep what they are given. Then what it cannot complete
 * or find, which is an exception of the guest and no end; and single steps.
 */
#include "guests/runtime/guest.h"

#include "vmm-core/lib/x86.h"

#define IOAPIC		0xfec00000ull
#define NOWHERE		0xd0000000ull
#define ENTRY_LOW	0x2eu		/* of pin 15 */
#define ENTRY_MASKED	0x10000u
#define RFLAGS_TF	0x100ull
#define DR6_BS		(1ull << 14)
#define SELECTED	(*(volatile u32 *)IOAPIC)
#define WINDOW		((volatile u32 *)(IOAPIC + 0x10))

static u64 bad, steps, outside;
static u64 bounds[2];

static void expect(bool right, const char *what)
{
	if (right)
		return;
	bad++;
	guest_print("insns-guest: ");
	guest_print(what);
	guest_print("\n");
}

static void arithmetic(void)
{
	volatile u32 *w = WINDOW;
	u32 old = 5;
	u8 carry;

	SELECTED = ENTRY_LOW;
	*w = ENTRY_MASKED | 0x41;
	asm volatile("orl $2, %0" : "+m"(*w));
	expect(*w == (ENTRY_MASKED | 0x43), "or");
	asm volatile("incl %0" : "+m"(*w));
	asm volatile("subl %1, %0" : "+m"(*w) : "r"(4));
	expect(*w == (ENTRY_MASKED | 0x40), "inc, sub");
	asm volatile("btsl $3, %0; setc %1" : "+m"(*w), "=r"(carry));
	asm volatile("xaddl %1, %0" : "+m"(*w), "+r"(old));
	expect(!carry && *w == (ENTRY_MASKED | 0x4d) &&
	       old == (ENTRY_MASKED | 0x48), "bts, xadd");
	asm volatile("cmpl %2, %1; sete %0"
		     : "=r"(carry) : "m"(*w), "r"(ENTRY_MASKED | 0x4d));
	expect(carry, "cmp");
	asm volatile("testb $1, %1; setnz %0" : "=r"(carry) : "m"(*w));
	expect(carry, "test");
}

static void moves(void)
{
	volatile u32 *w = WINDOW;
	u32 stored[4] = { ENTRY_MASKED | 0x61, 1, 2, 3 }, copy = 0;
	u64 from = (u64)stored, to = (u64)w, count = 1, pushed;

	/* one element: what lies behind the register reads as nothing */
	asm volatile("rep movsl" : "+S"(from), "+D"(to), "+c"(count)
		     : : "memory");
	expect(*w == stored[0] && !count && to == (u64)w + 4, "movs to");
	from = (u64)w;
	to = (u64)&copy;
	asm volatile("movsl" : "+S"(from), "+D"(to) : : "memory");
	expect(copy == stored[0], "movs from");
	asm volatile("pushq %1; popq %0" : "=r"(pushed) : "m"(*w));
	expect((u32)pushed == stored[0], "push");
	stored[0]++;
	asm volatile("mov %%cr4, %%rax; or $0x600, %%rax; mov %%rax, %%cr4\n\t"
		     "movd %1, %%xmm3; movd %%xmm3, %0"
		     : "=m"(*w) : "m"(stored[0]) : "rax");
	expect(*w == stored[0], "movd");
}

/* Something to step through: exits of several families. */
static __attribute__((noinline)) void stepped(void)
{
	asm volatile("pushfq; orq %0, (%%rsp); popfq\n\t"
		     "1: nop; cpuid; movl (%1), %%eax; in $0x80, %%al\n\t"
		     "pushfq; andq %2, (%%rsp); popfq\n\t"
		     "2: lea 1b(%%rip), %%rax; mov %%rax, %3\n\t"
		     "lea 2b(%%rip), %%rax; mov %%rax, %4"
		     : : "i"(RFLAGS_TF), "D"(IOAPIC), "i"(~(s64)RFLAGS_TF),
			 "m"(bounds[0]), "m"(bounds[1])
		     : "rax", "rbx", "rcx", "rdx", "memory");
}

static __attribute__((interrupt)) void on_step(struct interrupt_frame *frame)
{
	(void)frame;
	steps++;
}

static __attribute__((interrupt)) void on_fetch(struct interrupt_frame *frame)
{
	outside++;
	/* back to the caller, as a return would go */
	frame->ip = *(u64 *)frame->sp;
	frame->sp += 8;
}

void guest_main(void)
{
	void (*nowhere)(void) = (void (*)(void))NOWHERE;

	arithmetic();
	moves();
	guest_set_interrupt(1, (u64)on_step);
	stepped();
	expect(steps == 7, "steps");
	guest_set_interrupt(6, (u64)on_fetch);
	nowhere();
	expect(outside == 1, "fetch");
	/* a vector extension, which the core refuses */
	guest_catch(4);
	asm volatile("vmovd (%0), %%xmm0" : : "D"(NOWHERE));
	expect(guest_faults == 1, "refused");
	guest_print("insns-guest: bad ");
	guest_print_number(bad);
	guest_print(" steps ");
	guest_print_number(steps);
	guest_print(" faults ");
	guest_print_number(guest_faults + outside);
	guest_print("\n");
}
