/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The anchor: the one page from which a tool finds everything else in a
 * running machine. It is the symbol `anchor` of the core's ELF file; where
 * that file is not at hand, a page-aligned scan for ANCHOR_MAGIC finds it.
 *
 * Addresses ending in _hpa are physical addresses of the machine. Readers
 * trust nothing here further than the RAM file reaches.
 */
#ifndef VMM_CORE_ABI_ANCHOR_H
#define VMM_CORE_ABI_ANCHOR_H

#include "vmm-core/abi/event.h"

#define ANCHOR_MAGIC		0x524f48434e41504dull	/* "MPANCHOR" */
#define ANCHOR_VERSION		1
#define ANCHOR_BYTES		4096
#define ANCHOR_CPUS_MAX		64
#define ANCHOR_VMS_MAX		8
#define ANCHOR_EXTENTS_MAX	2
#define ANCHOR_VCPUS_MAX	32	/* of all VMs together */
#define ANCHOR_RANGES_MAX	32	/* of the devices of one VM */

enum machine_state {
	MACHINE_BOOTING,
	MACHINE_RUNNING,
	MACHINE_STOPPED,	/* every VM has stopped; rings are final */
	MACHINE_REFUSED,	/* the core could not start; see refusal */
	MACHINE_PANICKED,	/* the core failed; see its console */
};

struct anchor_ring {
	__u64 hpa;		/* of struct ring */
	__u64 bytes;
};

/* Guest-physical [gpa, gpa + bytes) is machine RAM from hpa on. */
struct anchor_extent {
	__u64 gpa;
	__u64 hpa;
	__u64 bytes;
};

struct anchor_vm {
	char  name[32];		/* NUL-terminated */
	__u16 state;		/* enum vm_state */
	__u16 vcpus;
	__u16 first_vcpu;	/* index in the vCPU table */
	__u16 extents;
	struct anchor_extent extent[ANCHOR_EXTENTS_MAX];
};
ABI_SIZE(struct anchor_vm, 88);

enum anchor_space {
	ANCHOR_PORTS = 1,
	ANCHOR_MEMORY = 2,	/* guest-physical */
};

/* Where a device of a VM answers; a VM's list ends where space is 0. */
struct anchor_range {
	char  name[16];		/* of the device, NUL-terminated */
	__u64 base;
	__u64 bytes;		/* or ports */
	__u32 space;		/* enum anchor_space */
	__u32 reserved;
};
ABI_SIZE(struct anchor_range, 40);

/*
 * A vCPU, as it was at its last exit. Its one writer is the CPU that runs it;
 * a reader may see fields of two neighbouring exits.
 */
struct anchor_vcpu {
	__u64 cr0;
	__u64 cr3;
	__u64 cr4;
	__u64 efer;
	__u64 exits;		/* all, counted apart from any ring */
	__u64 tlb_flushes;
	__u64 hypercalls;
	__u32 running;		/* 1: in guest mode or handling an exit; 0: blocked */
	__u16 vm;
	__u16 last_reason;	/* enum exit_reason */
	/* exits by reason; the sum is `exits` */
	__u64 by_reason[EXIT_REASONS];
	/*
	 * Interrupts that the virtual APIC or PIC gave to the guest, each once:
	 * if an exit broke its delivery off, injecting it again does not count.
	 * Exceptions do not count. It stands here, apart from the fields that
	 * all exits write.
	 */
	__u64 irqs_injected;
	/* exits whose RFLAGS no CPU can have; 0 but on faulty emulators */
	__u64 flags_repaired;
};

struct anchor {
	/* magic is stored last, when all of the page is valid */
	__u64 magic;
	__u32 version;		/* ANCHOR_VERSION */
	__u32 bytes;		/* sizeof(struct anchor) */
	/* of this folder's text: equal hashes read each other's records */
	__u64 abi_hash;
	__u8  build_id[20];	/* of the core's ELF file */
	__u16 isa;		/* enum event_isa */
	__u16 state;		/* enum machine_state */
	/* the pair: at tsc_at_wall the wall clock showed wall_ns (UTC) */
	__u64 tsc_khz;
	__u64 tsc_at_wall;
	__u64 wall_ns;
	__u16 cpus;
	__u16 vms;
	__u32 vcpu_bytes;	/* sizeof(struct anchor_vcpu) */
	__u64 vcpu_hpa;		/* of struct anchor_vcpu[ANCHOR_VCPUS_MAX] */
	char  refusal[128];	/* why the core did not start, NUL-terminated */
	struct anchor_ring ring[ANCHOR_CPUS_MAX];
	struct anchor_vm vm[ANCHOR_VMS_MAX];
	__u64 range_hpa;	/* of anchor_range[ANCHOR_VMS_MAX][ANCHOR_RANGES_MAX] */
	/* how guests ended by their test device: value << 1 | 1; 0: did not */
	__u32 guest_status[ANCHOR_VMS_MAX];
};
ABI_OFFSET(struct anchor, tsc_khz, 48);
_Static_assert(sizeof(struct anchor) <= ANCHOR_BYTES, "anchor is one page");

#endif
