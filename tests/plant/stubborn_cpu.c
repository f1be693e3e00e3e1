/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-bench on a machine whose other CPU does not do what it should, for the
 * test that this costs its rows and nothing else: with plant=dead on the
 * command line it never starts, with plant=deaf it misses an interrupt.
 */
#include "guests/runtime/apic.h"
#include "guests/runtime/loader.h"

#define HEARS	50

void __real_guest_apic_send(u32 destination, u32 command);
void __wrap_guest_apic_send(u32 destination, u32 command);

static bool planted(const char *what)
{
	const char *plant = loader_option("plant");

	while (plant && *what && *plant == *what)
		plant++, what++;
	return plant && !*what;
}

void __wrap_guest_apic_send(u32 destination, u32 command)
{
	static int sent;

	if ((command & ICR_MODE) == ICR_STARTUP && planted("dead"))
		return;
	if (!(command & ICR_MODE) && planted("deaf") && ++sent > HEARS)
		return;
	__real_guest_apic_send(destination, command);
}
