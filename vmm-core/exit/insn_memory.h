/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An operand in guest memory, RAM or a device's, on one page or across two.
 */
#ifndef VMM_CORE_EXIT_INSN_MEMORY_H
#define VMM_CORE_EXIT_INSN_MEMORY_H

#include "vmm-core/exit/guest_access.h"
#include "vmm-core/exit/insn.h"
#include "vmm-core/vcpu/backend.h"
#include "vmm-core/vcpu/vm.h"

#define INSN_MEMORY_BYTES_MAX 16

struct insn_memory {
	struct insn_memory_part {
		u64 gpa;
		u8 *ram;	/* NULL: a device, or nobody */
		u8 bytes;
	} part[2];
};

/* The values that operands have, as bytes and in numbers. */
union insn_value {
	u8 byte[INSN_MEMORY_BYTES_MAX];
	u64 word[INSN_MEMORY_BYTES_MAX / 8];
};

/* An access by segment and offset; whether by a user, the vCPU knows. */
struct insn_access {
	enum segment segment;
	u64 offset;		/* in the segment */
	u8 bytes;
	bool write, aligned;
};

/* Where it is; false: it may not be made, and the fault is raised. */
bool insn_memory_map(struct vcpu *vcpu, const struct insn_access *access,
		     struct insn_memory *m);
/* Bytes from a device, all ones from nobody. */
void insn_memory_read(struct vcpu *vcpu, const struct insn_memory *m,
		      union insn_value *value);
void insn_memory_write(struct vcpu *vcpu, const struct insn_memory *m,
		       const union insn_value *value);

static inline struct bus *bus_of(struct vcpu *vcpu)
{
	return &vcpu->vm->platform.bus;
}

static inline u64 insn_mask(u8 bytes)
{
	return bytes >= 8 ? ~0ull : BIT(8 * bytes) - 1;
}

/* A register that counts addresses of that many bits moves to value. */
static inline u64 insn_address_set(u64 old, u64 value, u8 bits)
{
	if (bits == 16)
		return (old & ~0xffffull) | (value & 0xffff);
	return bits == 32 ? (u32)value : value;
}

#endif
