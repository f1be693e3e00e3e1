/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The instruction that exited, out of guest memory.
 */
#include "vmm-core/exit/insn.h"

#include "vmm-core/lib/string.h"
#include "vmm-core/exit/guest_access.h"
#include "vmm-core/exit/handlers.h"
#include "vmm-core/vcpu/vcpu.h"
#include "vmm-core/vcpu/vm.h"

/* In 64-bit code RIP is the address; elsewhere the segment's base counts. */
static u64 insn_gva(const struct vcpu *vcpu)
{
	return vcpu->code_bits == 64 ? vcpu->rip :
				       (u32)(vcpu->code_base + vcpu->rip);
}

/* Byte runs page by page, by the guest's tables as they are now. */
static size_t __cold fetch_walk(struct vcpu *vcpu, u8 *insn)
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

/* Walks, and remembers the walk. NULL: not mapped to RAM. */
static const u8 *__cold fetch_fill(struct vcpu *vcpu)
{
	u64 page = ALIGN_DOWN(vcpu->rip, FETCH_PAGE_BYTES);
	struct fetch_entry *f = &vcpu->fetch[fetch_index(page)];
	static const u64 constant;
	struct guest_walk trail = { 0 };
	const u8 *code;
	u32 error;
	u64 gpa = guest_translate(vcpu, page, ACCESS_FETCH, &error, &trail);

	f->cr4 = 0;
	code = gpa == ~0ull ? NULL :
			      vm_memory(vcpu->vm, gpa, FETCH_PAGE_BYTES);
	if (!code)
		return NULL;
	for (unsigned int i = 0; i < FETCH_LEVELS; i++) {
		bool used = i < trail.levels;

		f->level[i].pte = used ? trail.pte[i] : &constant;
		f->level[i].value = used ? trail.value[i] : constant;
	}
	f->levels = trail.levels;
	f->code = code;
	f->cr3 = vcpu->pub->cr3;
	f->cr4 = vcpu->pub->cr4;
	f->page = page;
	return code + vcpu->rip % FETCH_PAGE_BYTES;
}

/* The code at RIP, bytes of it in one page; NULL where only a walk can
 * tell. */
static inline __attribute__((always_inline)) const u8 *
fetch_code(struct vcpu *vcpu, u64 bytes)
{
	u64 offset = vcpu->rip % FETCH_PAGE_BYTES;
	const u8 *code;

	if (unlikely(vcpu->code_bits != 64))
		return NULL;
	if (fetch_find(vcpu->fetch, vcpu->rip, vcpu->pub->cr3, vcpu->pub->cr4,
		       bytes, &code))
		return code;
	return offset <= FETCH_PAGE_BYTES - bytes ? fetch_fill(vcpu) : NULL;
}

size_t insn_fetch(struct vcpu *vcpu, u8 *insn)
{
	const u8 *code = fetch_code(vcpu, INSN_BYTES_MAX);

	if (unlikely(!code))
		return fetch_walk(vcpu, insn);
	__builtin_memcpy(insn, code, INSN_BYTES_MAX);
	return INSN_BYTES_MAX;
}

/* With prefixes before the opcode. */
static u8 __cold insn_length_slow(struct vcpu *vcpu, u32 opcode, u8 bytes)
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

/* The common case: no prefix, not at the end of a page. */
static bool insn_is(struct vcpu *vcpu, u32 opcode, u8 bytes)
{
	const u8 *code = fetch_code(vcpu, FETCH_OPCODE_BYTES);

	return code && fetch_is(code, opcode, bytes);
}

bool insn_skip(struct vcpu *vcpu, struct exit_info *exit, u32 opcode, u8 bytes)
{
	u8 len = exit->insn_len;

	if (!len)
		len = likely(insn_is(vcpu, opcode, bytes)) ?
			      bytes :
			      insn_length_slow(vcpu, opcode, bytes);
	if (unlikely(!len))
		return false;
	vcpu_skip(vcpu, exit, len);
	return true;
}
