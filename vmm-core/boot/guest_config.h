/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which VMs to run: the boot modules carry them. A module's text says what
 * it is (PATH is there when the loader puts it there):
 *
 *   [PATH] kernel vm=NAME [mem=SIZE] [vcpus=N] [pv=LIST]
 *                    [msr=ignore] [-- COMMAND LINE]
 *   [PATH] initrd vm=NAME
 */
#ifndef VMM_CORE_BOOT_GUEST_CONFIG_H
#define VMM_CORE_BOOT_GUEST_CONFIG_H

#include "vmm-core/abi/anchor.h"
#include "vmm-core/boot/multiboot.h"
#include "vmm-core/lib/types.h"

struct guest_config {
	char name[32];
	u64 ram_bytes;		/* in whole large pages */
	u32 pv;			/* VM_PV_* */
	bool msr_ignore;	/* unknown MSRs are 0, not #GP */
	struct boot_range kernel;
	struct boot_range initrd;	/* all zero: none */
	const char *cmdline;
};

struct guest_configs {
	unsigned int count;
	struct guest_config vm[ANCHOR_VMS_MAX];
};

/* Cuts up the modules' texts. Refuses what it does not understand. */
void guest_configs_parse(struct guest_configs *configs, struct boot_info *boot);
/* RAM of all VMs together. */
u64 guest_configs_ram_bytes(const struct guest_configs *configs);

#endif
