/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtual machine: RAM, vCPUs, and a virtual platform.
 */
#ifndef VMM_CORE_VCPU_VM_H
#define VMM_CORE_VCPU_VM_H

#include "vmm-core/abi/anchor.h"
#include "vmm-core/cpu/request.h"
#include "vmm-core/dev/pc/platform.h"
#include "vmm-core/lib/types.h"
#include "vmm-core/trace/exit_info.h"

struct hv_vm;
struct vcpu;

#define VM_VCPUS_MAX 16

/* Paravirtual interfaces offered to the guest, each can be switched off. */
#define VM_PV_CLOCK	BIT(0)	/* kvmclock */
#define VM_PV_IODELAY	BIT(1)	/* no need for port 0x80 delays */
#define VM_PV_EOI	BIT(2)	/* EOI by shared bit */
#define VM_PV_ALL	(VM_PV_CLOCK | VM_PV_IODELAY | VM_PV_EOI)

struct vm {
	u16 index;		/* in the anchor's VM table */
	u16 vcpus;
	u32 pv;			/* VM_PV_* */
	bool msr_ignore;	/* unknown MSRs are 0, not #GP */
	u64 ram_bytes;
	struct anchor_vm *pub;	/* name, extents, state */
	struct vcpu *vcpu[VM_VCPUS_MAX];
	struct hv_vm *hv;	/* the backend's nested page table */
	struct platform platform;
};

/*
 * Guest memory, from the core: bytes at gpa, NULL unless all len bytes are
 * RAM of one extent. The pointer stays good; the guest may write under it.
 */
void *vm_memory(struct vm *vm, u64 gpa, u64 len);

/*
 * Maps guest-physical memory, or changes the access to it, in whole pages.
 * access is MAP_* (backend.h), 0 for none. The TLBs are flushed before any
 * vCPU enters the guest again. -ENOMEM; for vm_protect() also -EINVAL: not all
 * of it is mapped.
 */
int vm_map(struct vm *vm, u64 gpa, u64 hpa, u64 bytes, u32 access);
int vm_protect(struct vm *vm, u64 gpa, u64 bytes, u32 access);

/* Posts it to every vCPU, the caller's as well. */
void vm_request(struct vm *vm, enum request what);

/* Ends the VM of the vCPU that runs this; recorded and published, once.
 * exit is NULL where no exit is to blame. */
void vm_stop(struct vcpu *vcpu, enum vm_state state,
	     const struct exit_info *exit);
/* The same for what the guest should not have done: with a full report. */
void vm_crash(struct vcpu *vcpu, const struct exit_info *exit,
	      const char *what);

#endif
