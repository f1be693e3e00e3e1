/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state of a vCPU and how it may change.
 */
#include "vmm-core/vcpu/vcpu.h"

#include "vmm-core/lib/stop.h"

#define TO(NAME) (1u << VCPU_##NAME)

static const u8 next_states[VCPU_STATES] = {
#define VCPU_STATE(NAME, name, next) [VCPU_##NAME] = (next),
#include "vmm-core/vcpu/state.def"
};

static const char *const state_names[VCPU_STATES] = {
#define VCPU_STATE(NAME, name, next) [VCPU_##NAME] = (name),
#include "vmm-core/vcpu/state.def"
};

void vcpu_set_state(struct vcpu *vcpu, enum vcpu_state state)
{
	if (!(next_states[vcpu->state] & 1u << state))
		panic_printk("vCPU %u cannot become %s: it is %s", vcpu->index,
			     state_names[state], state_names[vcpu->state]);
	vcpu->state = state;
	vcpu->pub->running = state == VCPU_RUNNING;
}
