/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every vCPU does between an exit and the next entry: its timers, its
 * interrupts, and sleeping while it is halted.
 */
#include "vmm-core/vcpu/vcpu.h"

#include "vmm-core/lib/x86.h"
#include "vmm-core/cpu/timer.h"
#include "vmm-core/vcpu/vm.h"

#define RFLAGS_IF	BIT(9)

const struct hv_ops *hv;

static u64 min_u64(u64 a, u64 b)
{
	return a < b ? a : b;
}

/* When this vCPU needs the CPU's timer next. */
static u64 vcpu_deadline(const struct vcpu *vcpu)
{
	u64 deadline = min_u64(vcpu->lapic.deadline_tsc, machine_stop_tsc);

	return min_u64(deadline, vcpu->vm->platform.next_tsc);
}

static void vcpu_tick(struct vcpu *vcpu, u64 now)
{
	if (now >= machine_stop_tsc) {
		vm_stop(vcpu, VM_STATE_TIMEOUT, NULL);
		return;
	}
	if (now >= vcpu->vm->platform.next_tsc)
		platform_tick(vcpu->vm, now);
	if (now >= vcpu->lapic.deadline_tsc)
		lapic_tick(vcpu, now);
}

static void vcpu_timers(struct vcpu *vcpu)
{
	u64 deadline = vcpu_deadline(vcpu);

	if (unlikely(rdtsc() >= deadline)) {
		vcpu_tick(vcpu, rdtsc());
		deadline = vcpu_deadline(vcpu);
	}
	if (deadline != vcpu->cpu->timer_deadline)
		cpu_timer_arm(vcpu->cpu, deadline);
}

static bool vcpu_can_wake(struct vcpu *vcpu)
{
	return (vcpu->rflags & RFLAGS_IF) && vcpu_irq_pending(vcpu) >= 0;
}

/*
 * With interrupts off nothing wakes a halted vCPU: there are no NMIs, and an
 * INIT comes from a vCPU that runs. The last one to sleep so ends the VM.
 */
static void vcpu_sleep_for_good(struct vcpu *vcpu)
{
	const struct vm *vm = vcpu->vm;

	/* sequentially consistent: of two that sleep at once, one sees both */
	__atomic_store_n(&vcpu->asleep, true, __ATOMIC_SEQ_CST);
	for (unsigned int i = 0; i < vm->vcpus; i++)
		if (!__atomic_load_n(&vm->vcpu[i]->asleep, __ATOMIC_SEQ_CST))
			return;
	vm_stop(vcpu, VM_STATE_HALTED, NULL);
}

/* Until an interrupt can be delivered; the time counts as blocked. */
static void vcpu_block(struct vcpu *vcpu)
{
	u64 start = rdtsc();

	vcpu->pub->running = 0;
	if (unlikely(!(vcpu->rflags & RFLAGS_IF)))
		vcpu_sleep_for_good(vcpu);
	while (!vcpu->stopped && !vcpu_can_wake(vcpu)) {
		irq_wait();
		vcpu_timers(vcpu);
	}
	vcpu->halted = false;
	vcpu->pub->running = 1;
	vcpu->blocked_tsc += rdtsc() - start;
}

bool vcpu_prepare_entry(struct vcpu *vcpu)
{
	vcpu_timers(vcpu);
	if (unlikely(vcpu->halted))
		vcpu_block(vcpu);
	return !vcpu->stopped;
}

int vcpu_irq_accept(struct vcpu *vcpu, int pending)
{
	vcpu->pub->irqs_injected++;
	if (pending == IRQ_OF_PIC)
		return pic_accept(&vcpu->vm->platform.pic);
	lapic_accept(vcpu, pending);
	return pending;
}

static void vcpu_inject_exception(struct vcpu *vcpu, struct injection what)
{
	what.exception = true;
	hv->inject(vcpu, what);
}

void vcpu_inject_ud(struct vcpu *vcpu)
{
	vcpu_inject_exception(vcpu, (struct injection){ .vector = VECTOR_UD });
}

void vcpu_inject_gp(struct vcpu *vcpu)
{
	vcpu_inject_exception(vcpu, (struct injection){
		.vector = VECTOR_GP, .has_error = true });
}

void vcpu_inject_pf(struct vcpu *vcpu, u64 gva, u32 error)
{
	vcpu_inject_exception(vcpu, (struct injection){
		.vector = VECTOR_PF, .has_error = true, .error = error,
		.cr2 = gva });
}
