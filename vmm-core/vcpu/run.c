/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of a vCPU between an exit and the next entry: its timers, the
 * requests of others, and sleep while it has nothing to run.
 */
#include "vmm-core/vcpu/run.h"

#include "vmm-core/cpu/timer.h"
#include "vmm-core/dev/irq/lapic_timer.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/vcpu/context.h"
#include "vmm-core/vcpu/event.h"
#include "vmm-core/vcpu/reset.h"
#include "vmm-core/vcpu/tag.h"
#include "vmm-core/vcpu/vm.h"
#include "vmm-core/vcpu/vm_devices.h"

const struct hv_ops *hv;

static u64 min_u64(u64 a, u64 b)
{
	return a < b ? a : b;
}

/* When this vCPU needs the CPU's timer next. */
static u64 vcpu_deadline(const struct vcpu *vcpu)
{
	u64 deadline = min_u64(vcpu->lapic.deadline_tsc, machine_stop_tsc);

	return min_u64(deadline, vcpu->vm->platform.bus.next_tsc);
}

static void vcpu_tick(struct vcpu *vcpu, u64 now)
{
	if (now >= machine_stop_tsc) {
		vm_stop(vcpu, VM_STATE_TIMEOUT, NULL);
		return;
	}
	if (now >= vcpu->vm->platform.bus.next_tsc)
		bus_tick(&vcpu->vm->platform.bus, now);
	if (now >= vcpu->lapic.deadline_tsc)
		lapic_tick(&vcpu->lapic, now);
}

/* Every exit comes through here: never a call, though a request does, too. */
static inline __attribute__((always_inline)) void vcpu_timers(struct vcpu *vcpu)
{
	u64 deadline = vcpu_deadline(vcpu);

	if (unlikely(rdtsc() >= deadline)) {
		vcpu_tick(vcpu, rdtsc());
		deadline = vcpu_deadline(vcpu);
	}
	if (deadline != vcpu->cpu->timer_deadline)
		cpu_timer_arm(vcpu->cpu, deadline);
}

static void __cold vcpu_act(struct vcpu *vcpu)
{
	u32 requests = requests_take(&vcpu->requests);

	if (requests & REQUEST_STOP)
		return;
	if (requests & REQUEST_FLUSH)
		tag_flush(vcpu, TLB_CAUSE_NPT_CHANGED);
	if (requests & REQUEST_INIT)
		vcpu_reset(vcpu);
	if (requests & REQUEST_SIPI)
		vcpu_startup(vcpu, REQUEST_SIPI_VECTOR(requests));
	if (requests & REQUEST_NMI)
		event_nmi(vcpu);
	if (requests & REQUEST_IRQ)
		lapic_collect(&vcpu->lapic);
	if (requests & REQUEST_DEVICE)
		vm_devices_poll(vcpu->vm);
}

/* Requests make timers due, and timers make requests: until none is left. */
enum run_end vcpu_prepare_entry(struct vcpu *vcpu)
{
	for (;;) {
		vcpu_timers(vcpu);
		if (likely(!requests_waiting(&vcpu->requests)))
			break;
		vcpu_act(vcpu);
		if (vcpu_stopping(vcpu)) {
			vcpu_set_state(vcpu, VCPU_STOPPED);
			return RUN_STOPPED;
		}
	}
	if (likely(vcpu->state == VCPU_RUNNING))
		return RUN_ENTER;
	if (vcpu->state != VCPU_HALTED || !event_wakes(vcpu))
		return RUN_BLOCKED;
	vcpu_set_state(vcpu, VCPU_RUNNING);
	return RUN_ENTER;
}

/*
 * Only a request wakes a vCPU that takes no interrupts, and requests come
 * from vCPUs that run, or from an I/O APIC that is told to send NMIs. So the
 * last one to fall asleep knows that the VM sleeps for good. Sequentially
 * consistent: of two that do so at once, one sees both; and one that is taking
 * a request has cleared `asleep` before it takes it.
 */
static bool vm_sleeps(struct vcpu *vcpu)
{
	const struct vm *vm = vcpu->vm;

	if (ioapic_wakes_all(&vm->platform.ioapic))
		return false;
	__atomic_store_n(&vcpu->asleep, true, __ATOMIC_SEQ_CST);
	for (unsigned int i = 0; i < vm->vcpus; i++) {
		const struct vcpu *v = vm->vcpu[i];

		if (__atomic_load_n(&v->requests.mask, __ATOMIC_SEQ_CST) ||
		    !__atomic_load_n(&v->asleep, __ATOMIC_SEQ_CST))
			return false;
	}
	return true;
}

static void vcpu_sleep(struct vcpu *vcpu)
{
	if (likely(vcpu->rflags & RFLAGS_IF && vcpu->state == VCPU_HALTED)) {
		irq_wait();
		return;
	}
	if (vm_sleeps(vcpu))
		vm_stop(vcpu, VM_STATE_HALTED, NULL);
	else
		irq_wait();
	__atomic_store_n(&vcpu->asleep, false, __ATOMIC_SEQ_CST);
}

/* Sleeps until the vCPU can go on or has stopped; the time is blocked. */
static enum run_end vcpu_block(struct vcpu *vcpu)
{
	u64 start = rdtsc();
	enum run_end end;

	do {
		vcpu_sleep(vcpu);
		end = vcpu_prepare_entry(vcpu);
	} while (end == RUN_BLOCKED);
	vcpu->blocked_tsc += rdtsc() - start;
	return end;
}

void vcpu_run(struct vcpu *vcpu)
{
	enum run_end end;

	context_load(vcpu);
	if (vcpu->state == VCPU_READY)
		vcpu_set_state(vcpu, VCPU_RUNNING);
	trace_vm_state(vcpu_traced(vcpu), VM_STATE_RUNNING, 0, vcpu->rip);
	end = vcpu_prepare_entry(vcpu);
	while (end != RUN_STOPPED)
		end = end == RUN_BLOCKED ? vcpu_block(vcpu) : hv->run(vcpu);
	if (vcpu->exit_open)
		vcpu_exit_close(vcpu, (enum event_isa)hv->isa);
	context_save(vcpu);
}
