/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IN, OUT, INS and OUTS.
 */
#include "vmm-core/exit/handlers.h"

#include "vmm-core/mm/mm.h"
#include "vmm-core/exit/guest_access.h"
#include "vmm-core/exit/insn.h"
#include "vmm-core/vcpu/backend.h"
#include "vmm-core/vcpu/vm.h"
#include "vmm-core/lib/x86_regs.h"

/* Elements moved before interrupts get their turn; REP then goes on. */
#define STRING_ELEMENTS_MAX 1024

static u64 io_mask(u8 bytes)
{
	return bytes == 4 ? 0xffffffffull : BIT(8 * bytes) - 1;
}

static struct bus *bus_of(struct vcpu *vcpu)
{
	return &vcpu->vm->platform.bus;
}

static struct bus_access io_access(const struct vcpu *vcpu,
				   const struct exit_io *io)
{
	return (struct bus_access){ io->port, io->bytes, vcpu->index };
}

static void io_single(struct vcpu *vcpu, const struct exit_io *io)
{
	u64 *rax = &vcpu->gpr[RAX], mask = io_mask(io->bytes);
	u64 value;

	if (!io->in) {
		bus_out(bus_of(vcpu), io_access(vcpu, io), (u32)(*rax & mask));
		return;
	}
	value = bus_in(bus_of(vcpu), io_access(vcpu, io)) & mask;
	*rax = io->bytes == 4 ? value : (*rax & ~mask) | value;
}

/* A string instruction under way. */
struct string_io {
	const struct exit_io *io;
	u64 segment_base, address_mask;
	s64 step;
	u32 access;
	enum gpr index;
	/* the page that was translated last: gva and memory, NULL: not RAM */
	u64 page;
	u8 *memory;
};

#define PAGE_NONE	1ull	/* no page begins there */

/*
 * Hardware without decode assists tells neither segment nor address size;
 * the instruction does. false: the guest has changed it meanwhile.
 */
static bool string_begin(struct vcpu *vcpu, const struct exit_info *exit,
			 struct string_io *s)
{
	u8 insn[INSN_BYTES_MAX];
	struct insn_prefixes p;
	struct segment_state state;
	enum segment segment = SEG_ES;
	u8 bits = vcpu->code_bits;

	if (!insn_prefixes(insn, insn_fetch(vcpu, insn), bits, &p))
		return false;
	if (p.address_size)
		bits = bits == 32 ? 16 : 32;
	if (!exit->io.in)
		segment = p.segment < 0 ? SEG_DS : (enum segment)p.segment;
	hv->get_segment(vcpu, segment, &state);
	*s = (struct string_io){
		.io = &exit->io,
		.segment_base = state.base,
		.address_mask = bits == 64 ? ~0ull : BIT(bits) - 1,
		.step = vcpu->rflags & RFLAGS_DF ? -(s64)exit->io.bytes :
						   (s64)exit->io.bytes,
		.access = (exit->io.in ? ACCESS_WRITE : 0) |
			  (exit->cpl == 3 ? ACCESS_USER : 0),
		.index = exit->io.in ? RDI : RSI,
		.page = PAGE_NONE,
	};
	if (vcpu->code_bits == 64 && segment != SEG_FS && segment != SEG_GS)
		s->segment_base = 0;
	return true;
}

static u64 masked(u64 old, u64 value, u64 mask)
{
	if (mask == 0xffff)
		return (old & ~mask) | (value & mask);
	return value & mask;
}

/* Makes gva's page the one in s; false: a page fault, injected. */
static bool string_page(struct vcpu *vcpu, struct string_io *s, u64 gva)
{
	u64 page = ALIGN_DOWN(gva, PAGE_BYTES), left;
	u32 error;

	if (likely(s->page == page))
		return true;
	s->page = PAGE_NONE;
	s->memory = guest_pointer(vcpu, page, s->access, &left, &error);
	if (!s->memory && error) {
		vcpu_inject_pf(vcpu, gva, error);
		return false;
	}
	s->page = page;
	return true;
}

static bool string_load(struct vcpu *vcpu, struct string_io *s, u64 gva,
			u32 *value)
{
	for (u8 i = 0; i < s->io->bytes; i++) {
		if (!string_page(vcpu, s, gva + i))
			return false;
		*value |= (u32)(s->memory ?
				s->memory[(gva + i) % PAGE_BYTES] : 0xff)
			  << (8 * i);
	}
	return true;
}

static bool string_store(struct vcpu *vcpu, struct string_io *s, u64 gva,
			 u32 value)
{
	for (u8 i = 0; i < s->io->bytes; i++) {
		if (!string_page(vcpu, s, gva + i))
			return false;
		if (s->memory)
			s->memory[(gva + i) % PAGE_BYTES] =
				(u8)(value >> (8 * i));
	}
	return true;
}

static bool string_element(struct vcpu *vcpu, struct string_io *s)
{
	const struct exit_io *io = s->io;
	u64 *index = &vcpu->gpr[s->index];
	u64 gva = s->segment_base + (*index & s->address_mask);
	u32 value = 0;

	if (vcpu->code_bits != 64)
		gva &= 0xffffffff;
	if (io->in) {
		/* both ends must be there before the device's byte is taken */
		if (!string_page(vcpu, s, gva + io->bytes - 1) ||
		    !string_page(vcpu, s, gva))
			return false;
		value = bus_in(bus_of(vcpu), io_access(vcpu, io));
		if (!string_store(vcpu, s, gva, value))
			return false;
	} else {
		if (!string_load(vcpu, s, gva, &value))
			return false;
		bus_out(bus_of(vcpu), io_access(vcpu, io), value);
	}
	*index = masked(*index, *index + (u64)s->step, s->address_mask);
	return true;
}

static void io_string(struct vcpu *vcpu, struct exit_info *exit)
{
	u64 *count = &vcpu->gpr[RCX];
	struct string_io s;

	if (!string_begin(vcpu, exit, &s))
		return;
	if (!exit->io.rep) {
		if (string_element(vcpu, &s))
			vcpu_skip(vcpu, exit, exit->insn_len);
		return;
	}
	for (int n = 0; n < STRING_ELEMENTS_MAX; n++) {
		if (!(*count & s.address_mask)) {
			vcpu_skip(vcpu, exit, exit->insn_len);
			return;
		}
		if (vcpu_stopping(vcpu) || !string_element(vcpu, &s))
			return;
		*count = masked(*count, *count - 1, s.address_mask);
	}
}

void handle_io(struct vcpu *vcpu, struct exit_info *exit)
{
	const struct exit_io *io = &exit->io;

	exit->detail = io->port | (u64)io->bytes << 16 |
		       (io->in ? 0 : EVENT_DETAIL_WRITE) |
		       (io->string ? EVENT_DETAIL_STRING : 0) |
		       (io->rep ? EVENT_DETAIL_REP : 0);
	if (io->string)
		return io_string(vcpu, exit);
	io_single(vcpu, io);
	vcpu_skip(vcpu, exit, exit->insn_len);
}
