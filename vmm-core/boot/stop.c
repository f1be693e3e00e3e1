/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Leaving the machine: what it was is published, then an emulator is told.
 */
#include "vmm-core/boot/stop.h"

#include "vmm-core/cpu/cpu.h"
#include "vmm-core/lib/string.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/trace/trace.h"

static u16 exit_port;

void machine_exit_port(u16 port)
{
	exit_port = port;
}

void machine_leave(enum machine_state state)
{
	static const u8 status[] = {
		[MACHINE_STOPPED] = 0,
		[MACHINE_REFUSED] = 1,
		[MACHINE_PANICKED] = 2,
	};

	trace_state_publish(state);
	if (exit_port)
		outb(exit_port, status[state]);
	cpu_halt();
}

/* The others see the state when the stop reaches them, and keep quiet. */
static void others_stop(void)
{
	trace_state_publish(MACHINE_PANICKED);
	cpus_stop();
}

static void __noreturn machine_panicked(void)
{
	machine_leave(MACHINE_PANICKED);
}

static void __noreturn machine_refused(const char *why)
{
	strlcpy(anchor.refusal, why, sizeof(anchor.refusal));
	anchor.state = MACHINE_REFUSED;
	trace_anchor_publish();
	machine_leave(MACHINE_REFUSED);
}

const struct stop_ops machine_stop_ops = {
	.others = others_stop,
	.refused = machine_refused,
	.panicked = machine_panicked,
};
