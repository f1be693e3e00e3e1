/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * QEMU's firmware configuration, of which test kernels ask how many CPUs and
 * how much RAM there are.
 */
#ifndef VMM_CORE_DEV_PC_FW_CFG_H
#define VMM_CORE_DEV_PC_FW_CFG_H

#include "vmm-core/dev/bus.h"

#define FW_CFG_SELECTOR		0x510	/* 16 bits: which item */
#define FW_CFG_DATA		0x511	/* its next byte */

struct fw_cfg {
	struct device dev;
	/* (c) what it tells */
	u64 ram_bytes;
	u16 cpus;
	u16 item;
	u32 at;			/* the item's next byte */
};

void fw_cfg_tell(struct fw_cfg *f, u64 ram_bytes, u16 count);
int fw_cfg_add(struct fw_cfg *f, struct bus *bus);

#endif
