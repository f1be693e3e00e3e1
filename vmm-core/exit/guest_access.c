/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Walking the guest's page tables: long mode with four or five levels, PAE,
 * and 32-bit. APM volume 2, "Page Translation and Protection".
 */
#include "vmm-core/exit/guest_access.h"

#include "vmm-core/lib/x86_regs.h"
#include "vmm-core/mm/mm.h"
#include "vmm-core/vcpu/vcpu.h"
#include "vmm-core/vcpu/vm.h"

/* A table level: the bits of the address that it translates, its entries. */
struct walk {
	u64 table;		/* guest-physical */
	unsigned int shift;	/* of the level's index */
	unsigned int bits;	/* that a level resolves */
	unsigned int entry_bytes;
	u64 may;		/* PTE_WRITE and PTE_USER of all levels so far */
	void *at;		/* the entry, in RAM */
};

static struct walk walk_begin(const struct anchor_vcpu *pub, u64 gva)
{
	if (pub->efer & EFER_LMA)
		return (struct walk){
			.table = pub->cr3 & PTE_ADDRESS,
			.shift = pub->cr4 & CR4_LA57 ? 48 : 39,
			.bits = 9, .entry_bytes = 8,
			.may = PTE_WRITE | PTE_USER,
		};
	if (pub->cr4 & CR4_PAE)
		return (struct walk){
			.table = (pub->cr3 & 0xffffffe0) + 8 * (gva >> 30),
			.shift = 30, .bits = 0, .entry_bytes = 8,
			.may = PTE_WRITE | PTE_USER,
		};
	return (struct walk){
		.table = pub->cr3 & 0xfffff000,
		.shift = 22, .bits = 10, .entry_bytes = 4,
		.may = PTE_WRITE | PTE_USER,
	};
}

static void trail_add(struct guest_walk *trail, const void *pte, u64 value)
{
	if (trail->levels == FETCH_LEVELS)
		return;
	trail->pte[trail->levels] = pte;
	trail->value[trail->levels++] = value;
}

static bool walk_entry(struct vcpu *vcpu, struct walk *w, u64 gva,
		       u64 *entry, struct guest_walk *trail)
{
	u64 index = (gva >> w->shift) & (BIT(w->bits) - 1);

	w->at = vm_memory(vcpu->vm, w->table + index * w->entry_bytes,
			  w->entry_bytes);
	if (unlikely(!w->at))
		return false;
	*entry = w->entry_bytes == 8 ? *(const volatile u64 *)w->at :
				       *(const volatile u32 *)w->at;
	if (trail && w->entry_bytes == 8)
		trail_add(trail, w->at, *entry);
	return *entry & PTE_PRESENT;
}

static bool walk_is_leaf(const struct anchor_vcpu *pub, const struct walk *w,
			 u64 entry)
{
	if (w->shift == 12)
		return true;
	if (!(entry & PTE_LARGE) || w->shift > 30 || w->bits == 0)
		return false;
	return w->entry_bytes == 8 || (pub->cr4 & CR4_PSE);
}

/* As the CPU marks what it uses; both bits are in an entry's first byte. */
static void walk_mark(const struct walk *w, u64 entry, u64 bits)
{
	if (unlikely(bits & ~entry))
		__atomic_or_fetch((u8 *)w->at, (u8)bits, __ATOMIC_RELAXED);
}

/* Whether the levels together let the access through. */
static bool walk_permits(const struct vcpu *vcpu, const struct walk *w,
			 u32 access)
{
	const struct anchor_vcpu *pub = vcpu->pub;
	u64 need = access & (ACCESS_WRITE | ACCESS_USER);

	if (access & (ACCESS_USER | ACCESS_FETCH))
		return !(need & ~w->may);
	if (!(pub->cr0 & CR0_WP))
		need = 0;
	if (pub->cr4 & CR4_SMAP && w->may & PTE_USER &&
	    !(vcpu->rflags & RFLAGS_AC))
		return false;
	return !(need & ~w->may);
}

u64 guest_translate(struct vcpu *vcpu, u64 gva, u32 access, u32 *error,
		    struct guest_walk *trail)
{
	const struct anchor_vcpu *pub = vcpu->pub;
	struct walk w;
	u64 entry;

	if (!(pub->cr0 & CR0_PG))
		return gva & 0xffffffff;
	*error = access;
	for (w = walk_begin(pub, gva);; w.shift -= w.bits) {
		if (unlikely(!walk_entry(vcpu, &w, gva, &entry, trail)))
			return ~0ull;
		/* a PAE directory pointer carries no permissions */
		if (w.bits)
			w.may &= entry;
		if (walk_is_leaf(pub, &w, entry))
			break;
		if (w.bits && !(access & ACCESS_FETCH))
			walk_mark(&w, entry, PTE_ACCESSED);
		w.table = entry & PTE_ADDRESS;
		if (w.entry_bytes == 8)
			w.bits = 9;
		else
			w.table &= 0xfffff000;
	}
	if (unlikely(!walk_permits(vcpu, &w, access))) {
		*error |= PF_PRESENT;
		return ~0ull;
	}
	if (!(access & ACCESS_FETCH))
		walk_mark(&w, entry, PTE_ACCESSED |
			  (access & ACCESS_WRITE ? PTE_DIRTY : 0));
	entry &= PTE_ADDRESS & ~(BIT(w.shift) - 1);
	return entry | (gva & (BIT(w.shift) - 1));
}

void *guest_pointer(struct vcpu *vcpu, u64 gva, u32 access, u64 *bytes,
		    u32 *error)
{
	u64 gpa = guest_translate(vcpu, gva, access, error, NULL);

	if (unlikely(gpa == ~0ull))
		return NULL;
	*error = 0;
	*bytes = PAGE_BYTES - (gva & (PAGE_BYTES - 1));
	return vm_memory(vcpu->vm, gpa, *bytes);
}
