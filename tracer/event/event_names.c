/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers of the abi in words, from its .def files.
 */
#include "tracer/event/event_names.h"

#include <stddef.h>

#include "vmm-core/abi/hypercall.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

struct name {
	const char *name;
	const char *help;
};

static const struct name events[] = {
#define EVENT(id, NAME, name, help) [id] = { #name, help },
#include "vmm-core/abi/events.def"
};

static const struct name exit_reasons[] = {
#define EXIT(id, NAME, name, help) [id] = { name, help },
#include "vmm-core/abi/exits.def"
};

static const struct name tlb_scopes[] = {
#define TLB_SCOPE(id, NAME, name, help) [id] = { name, help },
#include "vmm-core/abi/tlb.def"
};

static const struct name tlb_causes[] = {
#define TLB_CAUSE(id, NAME, name, help) [id] = { name, help },
#include "vmm-core/abi/tlb.def"
};

static const struct name isas[] = {
	[ISA_SVM] = { "svm", "AMD SVM" },
	[ISA_VMX] = { "vmx", "Intel VT-x" },
};

static const struct name vm_states[] = {
	[VM_STATE_EMPTY] = { "empty", "no virtual machine" },
	[VM_STATE_RUNNING] = { "running", "started" },
	[VM_STATE_OFF] = { "off", "guest powered itself off" },
	[VM_STATE_RESET] = { "reset", "guest asked for a reset" },
	[VM_STATE_CRASHED] = { "crashed", "stopped by the core" },
	[VM_STATE_TIMEOUT] = { "timeout", "the run's time was up" },
	[VM_STATE_HALTED] = { "halted", "guest halted for good" },
};

struct raw_code {
	uint32_t code;
	const char *name;
};

/* SVM's codes are small or just below 2^32: their low bits tell all apart. */
#define SVM_CODES 2048

static const struct raw_code svm_codes[SVM_CODES] = {
#define SVM_EXIT(number, NAME, neutral) \
	[(number) & (SVM_CODES - 1)] = { (number), #NAME },
#include "vmm-core/abi/exits_svm.def"
};

static const struct raw_code vmx_codes[] = {
#define VMX_EXIT(number, NAME, neutral) [number] = { (number), #NAME },
#include "vmm-core/abi/exits_vmx.def"
};

struct hypercall {
	uint64_t number;
	const char *name;
};

/* KVM's come with stock kernels: Linux, Documentation/virt/kvm/x86/hypercalls. */
static const struct hypercall hypercalls[] = {
	{ 1, "kvm-vapic-poll-irq" },
	{ 2, "kvm-mmu-op" },
	{ 3, "kvm-features" },
	{ 5, "kvm-kick-cpu" },
	{ 9, "kvm-clock-pairing" },
	{ 10, "kvm-send-ipi" },
	{ 11, "kvm-sched-yield" },
	{ 12, "kvm-map-gpa-range" },
	{ HC_NOP, "nop" },
	{ HC_MARK, "mark" },
	{ HC_STOP, "stop" },
};

static const struct name unknown = { "unknown", NULL };

static const struct name *find(const struct name *table, size_t rows,
			       unsigned int i)
{
	return i < rows && table[i].name ? &table[i] : &unknown;
}

const char *event_name(unsigned int id)
{
	return find(events, ARRAY_SIZE(events), id)->name;
}

const char *event_help(unsigned int id)
{
	return find(events, ARRAY_SIZE(events), id)->help;
}

const char *event_isa_name(unsigned int isa)
{
	return find(isas, ARRAY_SIZE(isas), isa)->name;
}

const char *event_exit_reason_name(unsigned int reason)
{
	return find(exit_reasons, ARRAY_SIZE(exit_reasons), reason)->name;
}

const char *event_exit_reason_help(unsigned int reason)
{
	return find(exit_reasons, ARRAY_SIZE(exit_reasons), reason)->help;
}

const char *event_raw_name(unsigned int isa, uint32_t code)
{
	const struct raw_code *raw = NULL;

	if (isa == ISA_SVM)
		raw = &svm_codes[code & (SVM_CODES - 1)];
	else if (isa == ISA_VMX && code < ARRAY_SIZE(vmx_codes))
		raw = &vmx_codes[code];
	return raw && raw->code == code ? raw->name : NULL;
}

const char *event_tlb_scope_name(unsigned int scope)
{
	return find(tlb_scopes, ARRAY_SIZE(tlb_scopes), scope)->name;
}

const char *event_tlb_scope_help(unsigned int scope)
{
	return find(tlb_scopes, ARRAY_SIZE(tlb_scopes), scope)->help;
}

const char *event_tlb_cause_name(unsigned int cause)
{
	return find(tlb_causes, ARRAY_SIZE(tlb_causes), cause)->name;
}

const char *event_tlb_cause_help(unsigned int cause)
{
	return find(tlb_causes, ARRAY_SIZE(tlb_causes), cause)->help;
}

const char *event_hypercall_name(uint64_t number)
{
	for (size_t i = 0; i < ARRAY_SIZE(hypercalls); i++)
		if (hypercalls[i].number == number)
			return hypercalls[i].name;
	return NULL;
}

const char *event_vm_state_name(unsigned int state)
{
	return find(vm_states, ARRAY_SIZE(vm_states), state)->name;
}
