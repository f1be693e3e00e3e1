/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The runtime of every small guest; see guest.h.
 */
#include "guests/runtime/guest.h"

#include "vmm-core/abi/hypercall.h"
#include "vmm-core/lib/x86.h"

#define COM1			0x3f8
#define ISA_DEBUG_EXIT		0xf4
#define CODE_SELECTOR		8
#define GATE_INTERRUPT		0x8e

struct gate {
	u16 offset_low, selector;
	u8 stack, type;
	u16 offset_middle;
	u32 offset_high, reserved;
};

static struct gate idt[256];
static u8 skip_bytes;
volatile u64 guest_faults;

void guest_print(const char *s)
{
	for (; *s; s++)
		outb(COM1, *s);
}

void guest_print_number(u64 n)
{
	char digits[21];
	char *p = digits + sizeof(digits) - 1;

	*p = 0;
	do {
		*--p = '0' + n % 10;
		n /= 10;
	} while (n);
	guest_print(p);
}

void guest_share_interrupts(void)
{
	struct {
		u16 limit;
		u64 base;
	} __packed pointer = { sizeof(idt) - 1, (u64)idt };

	asm volatile("lidt %0" : : "m"(pointer));
}

void guest_set_interrupt(u8 vector, u64 handler)
{
	idt[vector] = (struct gate) {
		.offset_low = handler,
		.selector = CODE_SELECTOR,
		.type = GATE_INTERRUPT,
		.offset_middle = handler >> 16,
		.offset_high = handler >> 32,
	};
	guest_share_interrupts();
}

static __attribute__((interrupt)) void caught(struct interrupt_frame *frame)
{
	guest_faults++;
	frame->ip += skip_bytes;
}

static __attribute__((interrupt)) void caught_error(struct interrupt_frame *frame,
						    u64 error)
{
	(void)error;
	guest_faults++;
	frame->ip += skip_bytes;
}

void guest_catch(u8 insn_len)
{
	skip_bytes = insn_len;
	guest_set_interrupt(0x06, (u64)caught);
	guest_set_interrupt(0x0d, (u64)caught_error);
}

bool guest_core_is_here(void)
{
	static const char signature[] = HV_SIGNATURE;
	struct cpuid c = cpuid(HV_CPUID_BASE, 0);
	const u32 got[3] = { c.ebx, c.ecx, c.edx };
	const char *bytes = (const char *)got;

	for (size_t i = 0; i < sizeof(got); i++)
		if (bytes[i] != signature[i])
			return false;
	return true;
}

u64 guest_hypercall(const struct guest_hypercall *call)
{
	u64 result;

	asm volatile("vmmcall"
		     : "=a"(result)
		     : "a"(call->number), "b"(call->args[0]),
		       "c"(call->args[1]), "d"(call->args[2]),
		       "S"(call->args[3])
		     : "memory");
	return result;
}

void guest_stop(void)
{
	static const struct guest_hypercall stop = { .number = HC_STOP };

	if (guest_core_is_here())
		guest_hypercall(&stop);
	outb(ISA_DEBUG_EXIT, 0);
	for (;;)
		asm volatile("cli; hlt");
}
