/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * KVM's clock, as Linux documents it in "KVM-specific MSRs". Time zero is
 * the anchor's pair of TSC and wall clock: nothing has to be remembered.
 */
#include "vmm-core/pv/pvclock.h"

#include "vmm-core/cpu/wall_clock.h"
#include "vmm-core/dev/clock.h"
#include "vmm-core/vcpu/vcpu.h"
#include "vmm-core/vcpu/vm.h"

#define SYSTEM_TIME_ENABLE	BIT(0)
/* the clock of one vCPU never runs behind that of another */
#define PVCLOCK_TSC_STABLE	BIT(0)

/* A version that is odd, or changes during the read: read again. */
struct pvclock_wall {
	u32 version, seconds, nanoseconds;
};
ABI_SIZE(struct pvclock_wall, 12);

struct pvclock_time {
	u32 version, pad;
	u64 tsc, ns;		/* the time was ns when the TSC was tsc */
	u32 multiplier;
	signed char shift;
	u8 flags, pad2[2];
};
ABI_SIZE(struct pvclock_time, 32);

struct pvclock_scale pvclock_scale_for(u64 hz)
{
	u64 multiplier = mul_add_div(NS_PER_SECOND, 1ull << 32, 0, hz);
	int shift = 0;

	/* all 32 bits of the multiplier are to be used */
	while (multiplier >> 32) {
		multiplier >>= 1;
		shift++;
	}
	while (!(multiplier >> 31) && shift > -30) {
		shift--;
		multiplier = mul_add_div(NS_PER_SECOND << -shift, 1ull << 32,
					 0, hz);
	}
	return (struct pvclock_scale){ (u32)multiplier, (signed char)shift };
}

/* The guest's other vCPUs may read while this one writes. */
static u32 pvclock_begin(u32 *version)
{
	u32 odd = *version | 1;

	__atomic_store_n(version, odd, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	return odd;
}

static void pvclock_end(u32 *version, u32 odd)
{
	__atomic_store_n(version, odd + 1, __ATOMIC_RELEASE);
}

static bool pvclock_write_wall(struct vcpu *vcpu, u64 gpa)
{
	struct pvclock_wall *wall = vm_memory(vcpu->vm, gpa, sizeof(*wall));
	u32 odd;

	if (!wall || gpa & 3)
		return false;
	odd = pvclock_begin(&wall->version);
	wall->seconds = (u32)(wall_clock.ns / NS_PER_SECOND);
	wall->nanoseconds = (u32)(wall_clock.ns % NS_PER_SECOND);
	pvclock_end(&wall->version, odd);
	return true;
}

static bool pvclock_write_time(struct vcpu *vcpu, u64 value)
{
	struct pvclock_scale scale = pvclock_scale_for(tsc_khz * 1000);
	u64 gpa = value & ~SYSTEM_TIME_ENABLE;
	struct pvclock_time *time;
	u32 odd;

	if (!(value & SYSTEM_TIME_ENABLE)) {
		vcpu->pvclock_gpa = 0;
		return true;
	}
	time = vm_memory(vcpu->vm, gpa, sizeof(*time));
	if (!time || gpa & 3)
		return false;
	vcpu->pvclock_gpa = gpa;
	odd = pvclock_begin(&time->version);
	time->tsc = wall_clock.tsc + vcpu->tsc_offset;
	time->ns = 0;
	time->multiplier = scale.multiplier;
	time->shift = scale.shift;
	time->flags = PVCLOCK_TSC_STABLE;
	pvclock_end(&time->version, odd);
	return true;
}

void pvclock_tsc_moved(struct vcpu *vcpu)
{
	if (vcpu->pvclock_gpa)
		pvclock_write_time(vcpu, vcpu->pvclock_gpa |
					 SYSTEM_TIME_ENABLE);
}

bool pvclock_msr_write(struct vcpu *vcpu, u32 index, u64 value)
{
	if (!(vcpu->vm->pv & VM_PV_CLOCK))
		return false;
	switch (index) {
	case MSR_KVM_WALL_CLOCK_NEW:
		return pvclock_write_wall(vcpu, value);
	case MSR_KVM_SYSTEM_TIME_NEW:
		return pvclock_write_time(vcpu, value);
	}
	return false;
}
