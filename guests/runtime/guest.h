/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The runtime of every small guest, exit-bench and the tests': a console,
 * exceptions it may catch, and an end.
 *
 * One byte printed is one OUT to COM1 and nothing else, so a test can count
 * I/O exits from what it saw on the console.
 */
#ifndef GUESTS_RUNTIME_GUEST_H
#define GUESTS_RUNTIME_GUEST_H

#include "vmm-core/lib/types.h"

/* The guest itself; returning stops the machine. */
void guest_main(void);

void guest_print(const char *s);
void guest_print_number(u64 n);

/* Catches exceptions until the end: 0x06 #UD and 0x0d #GP, each skipping
 * insn_len bytes; how many came is in guest_faults. */
void guest_catch(u8 insn_len);
extern volatile u64 guest_faults;

/* handler is the address of a function with __attribute__((interrupt)). */
struct interrupt_frame {
	u64 ip, cs, flags, sp, ss;
};
void guest_set_interrupt(u8 vector, u64 handler);
/* For a further CPU: the handlers of the first. */
void guest_share_interrupts(void);

struct guest_hypercall {
	u64 number, args[4];
};
u64 guest_hypercall(const struct guest_hypercall *call);
bool guest_core_is_here(void);

/* Below 4 GiB, of the loader's information; loader.h reads it. 0: it spoke
 * the other protocol. */
extern u32 guest_multiboot_info, guest_pvh_info;

/* By hypercall, or through QEMU's isa-debug-exit where the core is not. */
void guest_stop(void) __noreturn;

#endif
