/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Making a VM from its configuration.
 */
#ifndef VMM_CORE_BOOT_GUESTS_H
#define VMM_CORE_BOOT_GUESTS_H

#include "vmm-core/boot/guest_config.h"

struct cpu;
struct vm;

/*
 * Makes the next VM of the anchor's table, its vCPU on that CPU, and loads
 * its kernel. fresh_ram: there is nothing in RAM that it must not see.
 * Refuses what does not work. No other VM runs yet.
 */
struct vm *guest_create(const struct guest_config *config, struct cpu *cpu,
			bool fresh_ram);

#endif
