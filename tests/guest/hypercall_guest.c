/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hypercalls: ours, with arguments that must come out in the trace; one of
 * KVM's range and one of nobody's, which must be refused.
 */
#include "guests/runtime/guest.h"

#include "vmm-core/abi/hypercall.h"

#define NOPS	100
#define MARKS	50

static void expect(const char *what, u64 got, u64 want)
{
	guest_print("hypercall-guest: ");
	guest_print(what);
	guest_print(got == want ? " ok\n" : " WRONG\n");
}

void guest_main(void)
{
	struct guest_hypercall nop = { .number = HC_NOP };
	struct guest_hypercall unknown = { .number = HC_BASE + 0xfff };
	u64 bad = 0;

	if (!guest_core_is_here()) {
		guest_print("hypercall-guest: the core is not here\n");
		return;
	}
	for (u64 i = 0; i < NOPS; i++)
		bad |= guest_hypercall(&nop);
	expect("nop", bad, 0);
	for (u64 i = 0; i < MARKS; i++) {
		struct guest_hypercall mark = {
			.number = HC_MARK,
			.args = { i, i * 2, i * 3, ~0ull - i },
		};

		bad |= guest_hypercall(&mark);
	}
	expect("mark", bad, 0);
	expect("unknown", guest_hypercall(&unknown), (u64)HC_ENOSYS);
}
