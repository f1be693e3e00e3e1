/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of a VM, with a report where the guest is to blame.
 */
#include "vmm-core/vcpu/vm.h"

#include "vmm-core/lib/printk.h"
#include "vmm-core/vcpu/backend.h"

void vm_stop(struct vcpu *vcpu, enum vm_state state,
	     const struct exit_info *exit)
{
	struct vm *vm = vcpu->vm;
	u16 running = VM_STATE_RUNNING;

	/* of vCPUs that end it at the same time, one says why */
	if (!__atomic_compare_exchange_n(&vm->pub->state, &running, (u16)state,
					 false, __ATOMIC_RELAXED,
					 __ATOMIC_RELAXED))
		return;
	trace_vm_state(vcpu_traced(vcpu), state, exit ? exit->raw_code : 0,
		       vcpu->rip);
	vm_request(vm, REQUEST_STOP);
}

static const char *const gpr_names[GPRS] = {
	"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
	"r8 ", "r9 ", "r10", "r11", "r12", "r13", "r14", "r15",
};

static void vcpu_dump(struct vcpu *vcpu)
{
	static const char *const seg_names[SEGMENTS] = {
		"es", "cs", "ss", "ds", "fs", "gs", "ldtr", "tr" };
	struct vcpu_regs s;

	hv->get_regs(vcpu, &s);
	printk("rip %016llx rflags %08llx cpl %u, %u-bit code\n", vcpu->rip,
	       vcpu->rflags, vcpu->cpl, vcpu->code_bits);
	for (unsigned int i = 0; i < GPRS; i += 4)
		printk("%s %016llx %s %016llx %s %016llx %s %016llx\n",
		       gpr_names[i], vcpu->gpr[i],
		       gpr_names[i + 1], vcpu->gpr[i + 1],
		       gpr_names[i + 2], vcpu->gpr[i + 2],
		       gpr_names[i + 3], vcpu->gpr[i + 3]);
	printk("cr0 %08llx cr2 %016llx cr3 %016llx cr4 %08llx efer %08llx\n",
	       s.cr0, s.cr2, s.cr3, s.cr4, s.efer);
	for (unsigned int i = 0; i < SEGMENTS; i++)
		printk("%s %04x base %016llx limit %08x attributes %04x\n",
		       seg_names[i], s.seg[i].selector, s.seg[i].base,
		       s.seg[i].limit, s.seg[i].attributes);
	printk("gdt %016llx+%x idt %016llx+%x\n", s.gdt.base, s.gdt.limit,
	       s.idt.base, s.idt.limit);
}

void vm_crash(struct vcpu *vcpu, const struct exit_info *exit,
	      const char *what)
{
	printk("%s: vCPU %u stopped: %s\n", vcpu->vm->pub->name, vcpu->index,
	       what);
	printk("exit code 0x%x detail 0x%llx after %llu exits\n",
	       exit->raw_code, exit->detail, vcpu->pub->exits);
	vcpu_dump(vcpu);
	vm_stop(vcpu, VM_STATE_CRASHED, exit);
}
