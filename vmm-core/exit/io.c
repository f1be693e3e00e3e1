/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IN, OUT, INS and OUTS.
 */
#include "vmm-core/exit/handlers.h"

#include "vmm-core/mm/mm.h"
#include "vmm-core/exit/insn_run.h"
#include "vmm-core/vcpu/backend.h"
#include "vmm-core/vcpu/vm.h"
#include "vmm-core/lib/x86_regs.h"


static u64 io_mask(u8 bytes)
{
	return bytes == 4 ? 0xffffffffull : BIT(8 * bytes) - 1;
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
	value = vcpu->port_read ? vcpu->port_value :
				  bus_in(bus_of(vcpu), io_access(vcpu, io));
	vcpu->port_read = false;
	value &= mask;
	*rax = io->bytes == 4 ? value : (*rax & ~mask) | value;
}

/* A string instruction under way. */
struct string_io {
	const struct exit_io *io;
	enum segment segment;
	u64 segment_base;
	u8 address_bits;
	s64 step;
	enum gpr index;
	/* the page of RAM that was translated last, by linear address */
	u64 page;
	u8 *memory;		/* NULL: none */
};

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
		.segment = segment,
		.segment_base = state.base,
		.address_bits = bits,
		.step = vcpu->rflags & RFLAGS_DF ? -(s64)exit->io.bytes :
						   (s64)exit->io.bytes,
		.index = exit->io.in ? RDI : RSI,
	};
	if (vcpu->code_bits == 64 && segment != SEG_FS && segment != SEG_GS)
		s->segment_base = 0;
	return true;
}

/* The element in the page that is known, NULL if it is elsewhere. */
static u8 *string_ram(const struct string_io *s, u64 gva)
{
	u64 at = gva - s->page;

	return likely(s->memory && at <= PAGE_BYTES - s->io->bytes) ?
		       s->memory + at : NULL;
}

static u32 ram_load(const u8 *ram, u8 bytes)
{
	u32 value = 0;

	if (bytes == 1)
		return *ram;
	if (bytes == 2)
		__builtin_memcpy(&value, ram, 2);
	else
		__builtin_memcpy(&value, ram, 4);
	return value;
}

static void ram_store(u8 *ram, u8 bytes, u32 value)
{
	if (bytes == 1)
		*ram = (u8)value;
	else if (bytes == 2)
		__builtin_memcpy(ram, &value, 2);
	else
		__builtin_memcpy(ram, &value, 4);
}

/* Finds the element, and its page for the next; false: a fault, raised. */
static bool string_map(struct vcpu *vcpu, struct string_io *s, u64 offset,
		       struct insn_memory *m)
{
	u64 gva = s->segment_base + offset;

	if (!insn_memory_map(vcpu, &(struct insn_access){
			.segment = s->segment, .offset = offset,
			.bytes = s->io->bytes, .write = s->io->in }, m))
		return false;
	s->page = ALIGN_DOWN(gva, PAGE_BYTES);
	s->memory = m->part[1].bytes || !m->part[0].ram ?
			    NULL : m->part[0].ram - gva % PAGE_BYTES;
	return true;
}

/* An element in a device's memory, or across two pages. */
static void string_move_mapped(struct vcpu *vcpu, const struct exit_io *io,
			       const struct insn_memory *m)
{
	union insn_value value = { .word = { 0 } };

	if (io->in) {
		value.word[0] = bus_in(bus_of(vcpu), io_access(vcpu, io));
		insn_memory_write(vcpu, m, &value);
	} else {
		insn_memory_read(vcpu, m, &value);
		bus_out(bus_of(vcpu), io_access(vcpu, io),
			(u32)value.word[0]);
	}
}

static void string_move(struct vcpu *vcpu, const struct exit_io *io, u8 *ram)
{
	if (io->in)
		ram_store(ram, io->bytes,
			  bus_in(bus_of(vcpu), io_access(vcpu, io)));
	else
		bus_out(bus_of(vcpu), io_access(vcpu, io),
			ram_load(ram, io->bytes));
}

static bool string_element(struct vcpu *vcpu, struct string_io *s)
{
	u64 *index = &vcpu->gpr[s->index];
	u64 offset = insn_address_set(0, *index, s->address_bits);
	u8 *ram = string_ram(s, s->segment_base + offset);
	struct insn_memory m;

	/* mapped before the device's bytes are taken */
	if (unlikely(!ram)) {
		if (!string_map(vcpu, s, offset, &m))
			return false;
		ram = string_ram(s, s->segment_base + offset);
	}
	if (likely(ram))
		string_move(vcpu, s->io, ram);
	else
		string_move_mapped(vcpu, s->io, &m);
	*index = insn_address_set(*index, *index + (u64)s->step,
				  s->address_bits);
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
	for (int n = 0; n < INSN_ELEMENTS_MAX; n++) {
		if (!insn_address_set(0, *count, s.address_bits)) {
			vcpu_skip(vcpu, exit, exit->insn_len);
			return;
		}
		if (vcpu_stopping(vcpu) || !string_element(vcpu, &s))
			return;
		*count = insn_address_set(*count, *count - 1, s.address_bits);
		/* a trap flag stops behind every element but the last */
		if (unlikely(vcpu->rflags & RFLAGS_TF) &&
		    insn_address_set(0, *count, s.address_bits))
			return vcpu_trap(vcpu);
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
