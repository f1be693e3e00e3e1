/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interrupt state of a local APIC: what is requested, in service and
 * deliverable, and its end, by register or by KVM's paravirtual flag.
 *
 * PV EOI: at delivery the flag in guest memory is set if the end of that
 * interrupt needs nothing of us (edge triggered, nothing else waits). The
 * guest clears it instead of writing the EOI register, and we find it clear
 * when we next look. If something else starts to wait before that, the flag
 * is withdrawn and the guest's EOI exits as usual.
 */
#include "vmm-core/dev/irq/lapic.h"

#include "vmm-core/dev/clock.h"

#define PV_EOI_FLAG	1u

void lapic_reset(struct lapic *apic)
{
	unsigned int i;
	u64 base = apic->base;

	*apic = (struct lapic){
		.id = apic->id, .base = base, .dfr = ~0u, .svr = 0xff,
		.bus = apic->bus, .requests = apic->requests,
	};
	for (i = 0; i < LVTS; i++)
		apic->lvt[i] = LVT_MASKED;
	/* as firmware leaves it: the first CPU hears the PIC */
	if (base & APIC_BASE_BSP)
		apic->lvt[LVT_LINT0] = APIC_EXTINT << 8;
	apic->deadline_tsc = TSC_NEVER;
}

void lapic_init(struct lapic *apic, u32 id)
{
	apic->id = id;
	apic->base = LAPIC_GPA | APIC_BASE_ENABLE |
		     (id == 0 ? APIC_BASE_BSP : 0);
	lapic_reset(apic);
}

void lapic_raise(struct lapic *apic, u8 vector, bool level)
{
	if (!lapic_enabled(apic))
		return;
	if (vector < 16) {
		lapic_error(apic, ESR_RECEIVE_ILLEGAL);
		return;
	}
	vector_set(&apic->irr, vector);
	if (level)
		vector_set(&apic->tmr, vector);
	else
		vector_clear(&apic->tmr, vector);
	apic->irr_any = true;
}

void lapic_error(struct lapic *apic, u32 esr_bit)
{
	u32 lvt = apic->lvt[LVT_ERROR];

	apic->esr_pending |= esr_bit;
	/* an illegal vector in this entry would come back here for ever */
	if (!(lvt & LVT_MASKED) && (lvt & LVT_VECTOR) >= 16)
		lapic_raise(apic, lvt & LVT_VECTOR, false);
}

void lapic_collect(struct lapic *apic)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(apic->posted.word); i++) {
		/* acquire: partner of the release in lapic_post() */
		u64 posted = __atomic_exchange_n(&apic->posted.word[i], 0,
						 __ATOMIC_ACQUIRE);

		while (posted) {
			u8 vector = (u8)(i * 64 +
					 (u32)__builtin_ctzll(posted));

			posted &= posted - 1;
			lapic_raise(apic, vector,
				    vector_test(&apic->posted_level, vector));
		}
	}
}

void lapic_pv_eoi_sync(struct lapic *apic)
{
	int vector;

	if (!apic->pv_eoi_armed || *apic->pv_eoi_flag & PV_EOI_FLAG)
		return;
	apic->pv_eoi_armed = false;
	vector = vector_highest(&apic->isr);
	if (vector >= 0)
		vector_clear(&apic->isr, (u8)vector);
}

/* The guest has to end its interrupt with an exit after all. */
static void pv_eoi_withdraw(struct lapic *apic)
{
	if (!apic->pv_eoi_armed)
		return;
	*apic->pv_eoi_flag &= (u8)~PV_EOI_FLAG;
	apic->pv_eoi_armed = false;
}

static void pv_eoi_offer(struct lapic *apic, u8 vector)
{
	if (!apic->pv_eoi_flag || apic->irr_any ||
	    vector_test(&apic->tmr, vector))
		return;
	*apic->pv_eoi_flag |= PV_EOI_FLAG;
	apic->pv_eoi_armed = true;
}

void lapic_pv_eoi_set(struct lapic *apic, u64 msr, u8 *flag)
{
	lapic_pv_eoi_sync(apic);
	pv_eoi_withdraw(apic);
	apic->pv_eoi_msr = msr;
	apic->pv_eoi_flag = flag;
}

u32 lapic_ppr(const struct lapic *apic)
{
	int served = vector_highest(&apic->isr);
	u32 isr_class = served < 0 ? 0 : (u32)served & 0xf0;

	return (apic->tpr & 0xf0) >= isr_class ? apic->tpr : isr_class;
}

int lapic_pending_vector(struct lapic *apic)
{
	int vector;

	lapic_pv_eoi_sync(apic);
	vector = vector_highest(&apic->irr);
	if (vector < 0) {
		apic->irr_any = false;
		return -1;
	}
	if (((u32)vector & 0xf0) > (lapic_ppr(apic) & 0xf0))
		return lapic_enabled(apic) ? vector : -1;
	/* it waits for an EOI, which we must see */
	pv_eoi_withdraw(apic);
	return -1;
}

void lapic_accept(struct lapic *apic, int vector)
{
	lapic_pv_eoi_sync(apic);
	/* the flag is about one interrupt: the innermost */
	pv_eoi_withdraw(apic);
	vector_clear(&apic->irr, (u8)vector);
	vector_set(&apic->isr, (u8)vector);
	apic->irr_any = vector_highest(&apic->irr) >= 0;
	pv_eoi_offer(apic, (u8)vector);
}

int lapic_eoi(struct lapic *apic)
{
	int vector;

	lapic_pv_eoi_sync(apic);
	pv_eoi_withdraw(apic);
	vector = vector_highest(&apic->isr);
	if (vector < 0)
		return -1;
	vector_clear(&apic->isr, (u8)vector);
	return vector_test(&apic->tmr, (u8)vector) ? vector : -1;
}

bool lapic_extint_enabled(const struct lapic *apic)
{
	u32 lint0 = apic->lvt[LVT_LINT0];

	if (!(apic->base & APIC_BASE_ENABLE))
		return true;
	return !(lint0 & LVT_MASKED) && LVT_MODE(lint0) == APIC_EXTINT;
}
