/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Operands in memory: by segment and page tables to RAM or a device. What
 * the hardware would have refused is refused before anything is read.
 */
#include "vmm-core/exit/insn_memory.h"

#include "vmm-core/lib/string.h"
#include "vmm-core/lib/x86_regs.h"
#include "vmm-core/mm/mm.h"
#include "vmm-core/vcpu/event.h"
#include "vmm-core/vcpu/vm.h"

/* segment_state.attributes */
#define SEG_EXPAND_DOWN	BIT(2)	/* of data */
#define SEG_CODE	BIT(3)
#define SEG_PRESENT	BIT(7)

static bool is_canonical(const struct vcpu *vcpu, u64 gva)
{
	unsigned int unused = vcpu->pub->cr4 & CR4_LA57 ? 7 : 16;

	return (u64)((s64)(gva << unused) >> unused) == gva;
}

static void segment_fault(struct vcpu *vcpu, enum segment segment)
{
	event_raise(vcpu, (struct guest_event){
		.type = GUEST_EVENT_EXCEPTION, .has_error = true,
		.vector = segment == SEG_SS ? VECTOR_SS : VECTOR_GP });
}

static bool within_limit(const struct segment_state *state, u64 first,
			 u64 last)
{
	u32 top = state->attributes & SEG_DEFAULT32 ? ~0u : 0xffff;

	if ((state->attributes & (SEG_CODE | SEG_EXPAND_DOWN)) !=
	    SEG_EXPAND_DOWN)
		return last <= state->limit;
	return first > state->limit && last <= top;
}

/* Outside 64-bit code: base and limit count. */
static bool segment_linear(struct vcpu *vcpu, const struct insn_access *a,
			   u64 *gva)
{
	struct segment_state state;

	hv->get_segment(vcpu, a->segment, &state);
	*gva = (u32)(state.base + a->offset);
	return within_limit(&state, a->offset, a->offset + a->bytes - 1);
}

static bool linear(struct vcpu *vcpu, const struct insn_access *a, u64 *gva)
{
	struct segment_state state = { .base = 0 };

	if (vcpu->code_bits != 64)
		return segment_linear(vcpu, a, gva);
	if (a->segment == SEG_FS || a->segment == SEG_GS)
		hv->get_segment(vcpu, a->segment, &state);
	*gva = state.base + a->offset;
	return is_canonical(vcpu, *gva) &&
	       is_canonical(vcpu, *gva + a->bytes - 1);
}

static bool part_map(struct vcpu *vcpu, u64 gva, u32 access,
		     struct insn_memory_part *part)
{
	u32 error = 0;

	part->gpa = guest_translate(vcpu, gva, access, &error, NULL);
	if (part->gpa == ~0ull) {
		vcpu_inject_pf(vcpu, gva, error);
		return false;
	}
	part->ram = vm_memory(vcpu->vm, part->gpa, part->bytes);
	return true;
}

bool insn_memory_map(struct vcpu *vcpu, const struct insn_access *a,
		     struct insn_memory *m)
{
	u32 access = (a->write ? ACCESS_WRITE : 0) |
		     (vcpu->cpl == 3 ? ACCESS_USER : 0);
	u64 gva, left;

	if (!linear(vcpu, a, &gva)) {
		segment_fault(vcpu, a->segment);
		return false;
	}
	if (a->aligned && gva % a->bytes) {
		vcpu_inject_gp(vcpu);
		return false;
	}
	left = PAGE_BYTES - gva % PAGE_BYTES;
	m->part[0].bytes = left < a->bytes ? (u8)left : a->bytes;
	m->part[1].bytes = a->bytes - m->part[0].bytes;
	if (!part_map(vcpu, gva, access, &m->part[0]))
		return false;
	if (likely(!m->part[1].bytes))
		return true;
	gva += left;
	if (vcpu->code_bits != 64)
		gva = (u32)gva;
	return part_map(vcpu, gva, access, &m->part[1]);
}

static u64 device_read(struct vcpu *vcpu, u64 gpa, u8 bytes)
{
	return bus_read(bus_of(vcpu), (struct bus_access){
		.address = gpa, .bytes = bytes, .vcpu = vcpu->index }) &
	       insn_mask(bytes);
}

static void device_write(struct vcpu *vcpu, u64 gpa, u8 bytes, u64 value)
{
	bus_write(bus_of(vcpu), (struct bus_access){
		.address = gpa, .bytes = bytes, .vcpu = vcpu->index },
		value & insn_mask(bytes));
}

/* Devices are asked for 1, 2, 4 or 8 bytes, as large as it goes. */
static u8 device_bytes(u8 left)
{
	return left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

static void part_read(struct vcpu *vcpu, const struct insn_memory_part *part,
		      u8 *to)
{
	if (part->ram) {
		memcpy(to, part->ram, part->bytes);
		return;
	}
	for (u8 at = 0, n; at < part->bytes; at += n) {
		u64 value;

		n = device_bytes(part->bytes - at);
		value = device_read(vcpu, part->gpa + at, n);
		memcpy(to + at, &value, n);
	}
}

static void part_write(struct vcpu *vcpu, const struct insn_memory_part *part,
		       const u8 *from)
{
	if (part->ram) {
		memcpy(part->ram, from, part->bytes);
		return;
	}
	for (u8 at = 0, n; at < part->bytes; at += n) {
		u64 value = 0;

		n = device_bytes(part->bytes - at);
		memcpy(&value, from + at, n);
		device_write(vcpu, part->gpa + at, n, value);
	}
}

/* One access of a device, as nearly all are. */
static bool is_register(const struct insn_memory *m)
{
	u8 bytes = m->part[0].bytes;

	return !m->part[0].ram && !m->part[1].bytes && bytes <= 8 &&
	       !(bytes & (bytes - 1));
}

void insn_memory_read(struct vcpu *vcpu, const struct insn_memory *m,
		      union insn_value *value)
{
	if (likely(is_register(m))) {
		value->word[0] = device_read(vcpu, m->part[0].gpa,
					     m->part[0].bytes);
		return;
	}
	part_read(vcpu, &m->part[0], value->byte);
	if (unlikely(m->part[1].bytes))
		part_read(vcpu, &m->part[1], value->byte + m->part[0].bytes);
}

void insn_memory_write(struct vcpu *vcpu, const struct insn_memory *m,
		       const union insn_value *value)
{
	if (likely(is_register(m))) {
		device_write(vcpu, m->part[0].gpa, m->part[0].bytes,
			     value->word[0]);
		return;
	}
	part_write(vcpu, &m->part[0], value->byte);
	if (unlikely(m->part[1].bytes))
		part_write(vcpu, &m->part[1],
			   value->byte + m->part[0].bytes);
}
