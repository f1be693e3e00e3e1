/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The instruction that exited, out of guest memory.
 */
#include "vmm-core/vcpu/insn.h"

#include "vmm-core/lib/string.h"
#include "vmm-core/vcpu/guest_access.h"
#include "vmm-core/vcpu/handlers.h"

/* In 64-bit code RIP is the address; elsewhere the segment's base counts. */
static u64 insn_gva(const struct vcpu *vcpu)
{
	return vcpu->code_bits == 64 ? vcpu->rip :
				       (u32)(vcpu->code_base + vcpu->rip);
}

size_t insn_fetch(struct vcpu *vcpu, u8 *insn)
{
	u64 gva = insn_gva(vcpu), left;
	size_t have = 0;
	u32 error;

	while (have < INSN_BYTES_MAX) {
		const void *at = guest_pointer(vcpu, gva + have, ACCESS_FETCH,
					       &left, &error);

		if (!at)
			break;
		if (left > INSN_BYTES_MAX - have)
			left = INSN_BYTES_MAX - have;
		memcpy(insn + have, at, left);
		have += left;
	}
	return have;
}

/* With prefixes before the opcode. */
static u8 insn_length_slow(struct vcpu *vcpu, u32 opcode, u8 bytes)
{
	u8 insn[INSN_BYTES_MAX];
	size_t have = insn_fetch(vcpu, insn);
	struct insn_prefixes p;

	if (!insn_prefixes(insn, have, vcpu->code_bits, &p) ||
	    p.bytes + (size_t)bytes > have ||
	    memcmp(insn + p.bytes, &opcode, bytes))
		return 0;
	return p.bytes + bytes;
}

bool insn_skip(struct vcpu *vcpu, struct exit_info *exit, u32 opcode, u8 bytes)
{
	u8 len = exit->insn_len;

	if (!len) {
		const u32 *at;
		u32 error;
		u64 left;

		at = guest_pointer(vcpu, insn_gva(vcpu), ACCESS_FETCH, &left,
				   &error);
		if (at && left >= 4 &&
		    !((*(const volatile u32 *)at ^ opcode) &
		      (u32)(BIT(8 * bytes) - 1)))
			len = bytes;
		else
			len = insn_length_slow(vcpu, opcode, bytes);
	}
	if (unlikely(!len))
		return false;
	vcpu_skip(vcpu, exit, len);
	return true;
}
