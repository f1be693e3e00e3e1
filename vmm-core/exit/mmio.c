/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nested page faults: the guest touched what is not RAM. Either a device
 * answers, or the bus reads all ones.
 */
#include "vmm-core/exit/handlers.h"

#include "vmm-core/exit/insn.h"
#include "vmm-core/vcpu/vm.h"

static u64 bytes_mask(u8 bytes)
{
	return bytes == 8 ? ~0ull : BIT(8 * bytes) - 1;
}

static u64 mmio_register(const struct vcpu *vcpu, const struct insn_mmio *m)
{
	if (m->immediate)
		return m->value;
	return vcpu->gpr[m->gpr] >> (m->high_byte ? 8 : 0);
}

/* As MOV does: 32 bits clear the upper half, less leaves the rest alone. */
static void mmio_register_set(struct vcpu *vcpu, const struct insn_mmio *m,
			      u64 value)
{
	unsigned int shift = m->high_byte ? 8 : 0;
	u64 mask = bytes_mask(m->gpr_bytes) << shift;

	if (m->sign_extend && value & BIT(8 * m->bytes - 1))
		value |= ~bytes_mask(m->bytes);
	value = (value << shift) & mask;
	if (m->gpr_bytes < 4)
		value |= vcpu->gpr[m->gpr] & ~mask;
	vcpu->gpr[m->gpr] = value;
}

void handle_npf(struct vcpu *vcpu, struct exit_info *exit)
{
	struct bus *bus = &vcpu->vm->platform.bus;
	struct bus_access at = { .address = exit->npf.gpa,
				 .vcpu = vcpu->index };
	u64 value, loaded = 0;
	u8 insn[INSN_BYTES_MAX];
	struct insn_mmio m;
	size_t have;

	if (vcpu->events.flags & BROKEN_OFF)
		return vm_crash(vcpu, exit,
				"the stack or table of its interrupt is where no RAM is");
	if (exit->npf.fetch)
		return vm_crash(vcpu, exit, "it runs code where no RAM is");
	have = insn_fetch(vcpu, insn);
	m = insn_mmio(insn, have, vcpu->code_bits);
	if (!m.len)
		return vm_crash(vcpu, exit,
				"an instruction that the core cannot decode touched a device page");
	at.bytes = m.bytes;
	exit->detail |= EVENT_NPF_BYTES(m.bytes);
	value = mmio_register(vcpu, &m) & bytes_mask(m.bytes);
	if (m.read)
		loaded = bus_read(bus, at) & bytes_mask(m.bytes);
	if (m.write)
		bus_write(bus, at, value);
	if (m.read)
		mmio_register_set(vcpu, &m, loaded);
	vcpu_skip(vcpu, exit, m.len);
}
