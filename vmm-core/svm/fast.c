/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The short ways through CPUID, hypercalls that do nothing, RDMSR and IN. The
 * fields of the VMCB are read where they are needed, and the order of the
 * statements keeps few values alive: each one more is pushed and popped.
 */
#include "vmm-core/svm/fast.h"

#include "vmm-core/abi/hypercall.h"
#include "vmm-core/exit/handlers.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/svm/exit_codes.h"
#include "vmm-core/vcpu/event.h"

#define FAST_CODE(NAME) \
	_Static_assert((int)SVM_##NAME == (int)SVM_EXIT_##NAME, "entry.S")

FAST_CODE(CPUID);
FAST_CODE(IOIO);
FAST_CODE(MSR);
FAST_CODE(VMMCALL);
ABI_OFFSET(struct vmcb, exitcode, VMCB_EXITCODE);
ABI_OFFSET(struct vmcb, exitinfo1, VMCB_EXITINFO1);

#define FAST_INLINE static inline __attribute__((always_inline))

/* An exit on the short way: where it came from, read once. */
struct fast_exit {
	u64 tsc, rip, cr3;
};

struct fast_reason {
	u32 code;
	enum exit_reason reason;
};

#define FAST(CODE, REASON) \
	((struct fast_reason){ SVM_EXIT_##CODE, EXIT_##REASON })

/* RFLAGS are the guest's own, and no trap is due behind the instruction. */
FAST_INLINE bool fast_flags(const struct vmcb *vmcb)
{
	return likely(!((u32)vmcb->rflags &
			(RFLAGS_RESERVED | RFLAGS_TF | RFLAGS_RF)));
}

/* Is the instruction at RIP, in 64-bit code, this one without prefix? */
FAST_INLINE bool fast_insn(const struct vcpu *vcpu, const struct vmcb *vmcb,
			   const struct fast_exit *exit, u32 opcode, u8 bytes)
{
	struct anchor_vcpu *pub = vcpu->pub;
	u64 cr4 = vmcb->cr4, efer = vmcb->efer;
	const u8 *code;

	pub->cr0 = vmcb->cr0;
	pub->cr3 = exit->cr3;
	pub->cr4 = cr4;
	pub->efer = efer;
	return likely((efer & EFER_LMA) && (vmcb->cs.attributes & SEG_LONG) &&
		      fast_flags(vmcb) &&
		      fetch_find(vcpu->fetch, exit->rip, exit->cr3, cr4,
				 FETCH_OPCODE_BYTES, &code) &&
		      fetch_is(code, opcode, bytes));
}

/* Completes the instruction. */
FAST_INLINE void fast_skip(struct vmcb *vmcb, u64 rip)
{
	vmcb->rip = rip;
	vmcb->interrupt_shadow = 0;
	vmcb->eventinj = 0;
	vmcb->tlb_control = TLB_CONTROL_NONE;
}

FAST_INLINE struct record_exit
fast_record(const struct vmcb *vmcb, const struct fast_exit *exit,
	    struct fast_reason reason, u64 detail, u8 bytes)
{
	return (struct record_exit){
		.tsc = exit->tsc, .rip = exit->rip, .cr3 = exit->cr3,
		.detail = detail, .reason = (u16)reason.reason,
		.raw_code = reason.code,
		.asid = &vmcb->guest_asid, .cpl = &vmcb->cpl,
		.isa_len = EVENT_ISA_LEN(ISA_SVM, bytes) };
}

/* Completes the instruction and commits the exit's record. */
FAST_INLINE u64 fast_done(struct vcpu *vcpu, struct vmcb *vmcb,
			  const struct fast_exit *exit,
			  struct fast_reason reason, u64 detail, u8 bytes)
{
	struct record_exit record = fast_record(vmcb, exit, reason, detail,
						bytes);

	fast_skip(vmcb, exit->rip + bytes);
	record_vmexit_now(&svm_vcpu(vcpu)->record, &record);
	return 0;
}

/* Leaves whose answer takes more than the instruction. */
static u64 __attribute__((noinline))
fast_cpuid_other(struct vcpu *vcpu, struct vmcb *vmcb, u64 tsc)
{
	struct fast_exit exit = { tsc, vmcb->rip, vmcb->cr3 };
	u64 detail;

	if (unlikely(!fast_insn(vcpu, vmcb, &exit, OPCODE_CPUID, 2)))
		return tsc;
	detail = cpuid_answer(vcpu, (u32)vmcb->rax);
	vmcb->rax = vcpu->gpr[RAX];
	return fast_done(vcpu, vmcb, &exit, FAST(CPUID, CPUID), detail, 2);
}

u64 svm_fast_cpuid(struct vcpu *vcpu, struct vmcb *vmcb, u64 tsc)
{
	struct fast_exit exit = { tsc, vmcb->rip, vmcb->cr3 };
	u32 leaf = (u32)vmcb->rax, subleaf = (u32)vcpu->gpr[RCX];
	struct cpuid c;

	if (!cpuid_is_plain(leaf))
		return fast_cpuid_other(vcpu, vmcb, tsc);
	if (unlikely(!fast_insn(vcpu, vmcb, &exit, OPCODE_CPUID, 2)))
		return tsc;
	c = cpuid(leaf, subleaf);
	vmcb->rax = c.eax;
	vcpu->gpr[RBX] = c.ebx;
	vcpu->gpr[RCX] = c.ecx;
	vcpu->gpr[RDX] = c.edx;
	return fast_done(vcpu, vmcb, &exit, FAST(CPUID, CPUID),
			 leaf | (u64)subleaf << 32, 2);
}

u64 svm_fast_hypercall(struct vcpu *vcpu, struct vmcb *vmcb, u64 tsc)
{
	struct fast_exit exit = { tsc, vmcb->rip, vmcb->cr3 };
	const struct record_source *from = &svm_vcpu(vcpu)->record;
	u64 number = vmcb->rax;
	struct record_exit record;

	if (unlikely(number - HC_NOP > HC_MARK - HC_NOP ||
		     !record_hypercall_fits(from) ||
		     !fast_insn(vcpu, vmcb, &exit, OPCODE_VMMCALL, 3)))
		return tsc;
	record = fast_record(vmcb, &exit, FAST(VMMCALL, HYPERCALL), number, 3);
	vmcb->rax = 0;
	fast_skip(vmcb, exit.rip + 3);
	record_hypercall_now(from, &record, (struct record_args){
		&vcpu->gpr[RBX], &vcpu->gpr[RCX], &vcpu->gpr[RDX],
		&vcpu->gpr[RSI] }, 0);
	return 0;
}

u64 svm_fast_msr(struct vcpu *vcpu, struct vmcb *vmcb, u64 tsc)
{
	struct fast_exit exit = { tsc, vmcb->rip, vmcb->cr3 };
	u32 index = (u32)vcpu->gpr[RCX];
	u64 value;

	if (unlikely(!fast_insn(vcpu, vmcb, &exit, OPCODE_RDMSR, 2) ||
		     !msr_read(vcpu, index, &value)))
		return tsc;
	vmcb->rax = (u32)value;
	vcpu->gpr[RDX] = value >> 32;
	return fast_done(vcpu, vmcb, &exit, FAST(MSR, MSR_READ), index, 2);
}

/* Reading a port may move an interrupt line, or make a device due. Then the
 * exit goes the whole way, with what was read. */
u64 svm_fast_io(struct vcpu *vcpu, struct vmcb *vmcb, u64 tsc)
{
	struct fast_exit exit = { tsc, vmcb->rip, vmcb->cr3 };
	u64 info = vmcb->exitinfo1;
	u32 bytes = info >> IOIO_SIZE_SHIFT & 7;
	u32 port = (u16)(info >> IOIO_PORT_SHIFT);
	u64 value, mask = 0xffffffffu >> (32 - 8 * bytes);

	if (unlikely(info & IOIO_STRING || !fast_flags(vmcb)))
		return tsc;
	svm_publish(vcpu->pub, vmcb);
	value = bus_in(&vcpu->vm->platform.bus,
		       (struct bus_access){ port, bytes, vcpu->index });
	if (unlikely(!event_calm(vcpu))) {
		vcpu->port_read = true;
		vcpu->port_value = (u32)value;
		return tsc;
	}
	value &= mask;
	vmcb->rax = bytes == 4 ? value : (vmcb->rax & ~mask) | value;
	return fast_done(vcpu, vmcb, &exit, FAST(IOIO, IO),
			 port | (u64)bytes << 16,
			 (u8)(vmcb->exitinfo2 - exit.rip));
}
