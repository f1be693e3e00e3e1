/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AMD64 Architecture Programmer's Manual, volume 2, "#VMEXIT"; Intel SDM,
 * volume 3, "Basic VM-Exit Information".
 */
#include "tracer/event/exit_decode.h"

#define SVM_CR0_SEL_WRITE	0x65

struct detail {
	uint64_t value;
	bool known;
};

static const struct detail not_known;

static struct detail known(uint64_t value)
{
	return (struct detail){ .value = value, .known = true };
}

static enum exit_reason svm_reason(uint32_t code)
{
	switch (code) {
#define SVM_EXIT(c, NAME, neutral) case (c): return EXIT_##neutral;
#include "vmm-core/abi/exits_svm.def"
	}
	return EXIT_UNKNOWN;
}

static enum exit_reason vmx_reason(uint32_t code)
{
	switch (code) {
#define VMX_EXIT(c, NAME, neutral) case (c): return EXIT_##neutral;
#include "vmm-core/abi/exits_vmx.def"
	}
	return EXIT_UNKNOWN;
}

enum exit_reason exit_reason_of(enum event_isa isa, uint32_t code)
{
	return isa == ISA_VMX ? vmx_reason(code) : svm_reason(code);
}

static enum event_access access_of(bool fetch, bool write)
{
	return fetch ? EVENT_ACCESS_FETCH :
	       write ? EVENT_ACCESS_WRITE : EVENT_ACCESS_READ;
}

static uint64_t io_detail(uint64_t port, uint64_t bytes, bool in, bool string,
			  bool rep)
{
	return port | bytes << 16 | (in ? 0 : EVENT_DETAIL_WRITE) |
	       (string ? EVENT_DETAIL_STRING : 0) |
	       (rep ? EVENT_DETAIL_REP : 0);
}

/* Codes of one kind of register: 16 of reads, then 16 of writes. */
static uint64_t svm_register(uint32_t code)
{
	if (code == SVM_CR0_SEL_WRITE)
		return EVENT_DETAIL_WRITE;
	return (code & 15) | (code & 16 ? EVENT_DETAIL_WRITE : 0);
}

static struct detail svm_detail(const struct exit_words *w,
				enum exit_reason reason)
{
	switch (reason) {
	case EXIT_CR_ACCESS:
	case EXIT_DR_ACCESS:
		return known(svm_register(w->code));
	case EXIT_EXCEPTION:
		return w->has_info ? known((w->code & 31) |
					   (uint64_t)(uint32_t)w->info1 << 32) :
				     not_known;
	case EXIT_IO:
		return w->has_info ? known(io_detail(w->info1 >> 16 & 0xffff,
						     w->info1 >> 4 & 7,
						     w->info1 & 1,
						     w->info1 & 4,
						     w->info1 & 8)) : not_known;
	case EXIT_NPF:
		return w->has_info ? known(EVENT_NPF(
			EVENT_NPF_GPA_OF(w->info2),
			access_of(w->info1 & 16, w->info1 & 2), 0)) : not_known;
	/* their number is in a register of the guest */
	case EXIT_CPUID:
	case EXIT_HYPERCALL:
	case EXIT_MSR_READ:
	case EXIT_MSR_WRITE:
	case EXIT_INTERRUPT:
		return not_known;
	default:
		return w->has_info ? known(w->info1) : not_known;
	}
}

/* The access of CR by the qualification: MOV to, MOV from, CLTS, LMSW. */
static uint64_t vmx_cr(uint64_t q)
{
	return (q & 15) | ((q >> 4 & 3) == 1 ? 0 : EVENT_DETAIL_WRITE);
}

static struct detail vmx_detail(const struct exit_words *w,
				enum exit_reason reason)
{
	uint64_t q = w->info1;

	if (!w->has_info)
		return not_known;
	switch (reason) {
	case EXIT_CR_ACCESS:
		return known(vmx_cr(q));
	case EXIT_DR_ACCESS:
		return known((q & 7) | (q & 16 ? 0 : EVENT_DETAIL_WRITE));
	case EXIT_EXCEPTION:
		return w->intr_info >> 31 ?
			known((w->intr_info & 255) |
			      (uint64_t)w->error_code << 32) : not_known;
	case EXIT_INTERRUPT:
		return w->intr_info >> 31 ? known(w->intr_info & 255) :
					    not_known;
	case EXIT_IO:
		return known(io_detail(q >> 16 & 0xffff, (q & 7) + 1, q & 8,
				       q & 16, q & 32));
	case EXIT_TASK_SWITCH:
		return known(q & 0xffff);
	case EXIT_NPF:
	case EXIT_EPT_MISCONFIG:
	case EXIT_CPUID:
	case EXIT_HYPERCALL:
	case EXIT_MSR_READ:
	case EXIT_MSR_WRITE:
		return not_known;
	default:
		return known(q);
	}
}

/* Code 0 has both, as hardware tells exceptions and NMIs. */
static bool vmx_is_nmi(const struct exit_words *w)
{
	return w->has_info && w->intr_info >> 31 &&
	       (w->intr_info >> 8 & 7) == 2;
}

static unsigned int insn_bytes(const struct exit_words *w,
			       const struct event_vmexit *ev)
{
	uint64_t bytes = w->info2 - ev->rip;

	/* EXITINFO2 is where the guest goes on */
	if (w->isa != ISA_SVM || ev->reason != EXIT_IO || !w->has_info ||
	    !(ev->cpl_known & EVENT_KNOWN_RIP))
		return 0;
	return bytes <= 15 ? (unsigned int)bytes : 0;
}

void exit_decode(struct event_vmexit *ev, const struct exit_words *w)
{
	enum exit_reason reason = exit_reason_of(w->isa, w->code);
	struct detail detail = w->isa == ISA_VMX ? vmx_detail(w, reason) :
						   svm_detail(w, reason);

	if (w->isa == ISA_VMX && reason == EXIT_EXCEPTION && vmx_is_nmi(w))
		reason = EXIT_NMI;
	if (w->isa == ISA_SVM && reason == EXIT_MSR_READ && w->info1 & 1)
		reason = EXIT_MSR_WRITE;
	ev->reason = (__u16)reason;
	ev->raw_code = w->code;
	ev->isa_len = EVENT_ISA_LEN(w->isa, insn_bytes(w, ev));
	ev->detail = detail.value;
	ev->cpl_known &= (__u8)~EVENT_KNOWN_DETAIL;
	if (detail.known)
		ev->cpl_known |= EVENT_KNOWN_DETAIL;
}
