/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An exit's detail in words; event.h says what it holds for which reason.
 */
#include "reports/script.h"

static void labelled_hex(struct out *o, const char *label, uint64_t n)
{
	out_text(o, label);
	out_hex(o, n);
}

static void labelled_dec(struct out *o, const char *label, uint64_t n)
{
	out_text(o, label);
	out_dec(o, n);
}

static void io_print(struct out *o, uint64_t detail)
{
	if (detail & EVENT_DETAIL_REP)
		out_text(o, " rep");
	out_text(o, detail & EVENT_DETAIL_WRITE ? " out" : " in");
	if (detail & EVENT_DETAIL_STRING)
		out_char(o, 's');
	labelled_hex(o, " port=", detail & 0xffff);
	labelled_dec(o, " bytes=", detail >> 16 & 0xff);
}

static void register_print(struct out *o, const char *bank, uint64_t detail)
{
	out_text(o, detail & EVENT_DETAIL_WRITE ? " write " : " read ");
	labelled_dec(o, bank, detail & 0xff);
}

static void npf_print(struct out *o, uint64_t detail)
{
	static const char *const access[] = {
		[EVENT_ACCESS_UNKNOWN] = "",
		[EVENT_ACCESS_READ] = " read",
		[EVENT_ACCESS_WRITE] = " write",
		[EVENT_ACCESS_FETCH] = " fetch",
	};

	out_text(o, access[EVENT_NPF_ACCESS_OF(detail)]);
	labelled_hex(o, " gpa=", EVENT_NPF_GPA_OF(detail));
	if (EVENT_NPF_BYTES_OF(detail))
		labelled_dec(o, " bytes=", EVENT_NPF_BYTES_OF(detail));
}

static void msr_print(struct out *o, uint64_t detail)
{
	labelled_hex(o, " msr=", detail & 0xffffffff);
	if (detail & EVENT_DETAIL_REFUSED)
		out_text(o, " refused");
}

void script_detail_print(struct out *o, unsigned int reason, uint64_t detail)
{
	switch (reason) {
	case EXIT_EXCEPTION:
		labelled_dec(o, " vector=", detail & 0xff);
		return labelled_hex(o, " error=", detail >> 32);
	case EXIT_INTERRUPT:
		return labelled_hex(o, " vector=", detail);
	case EXIT_CPUID:
		labelled_hex(o, " leaf=", detail & 0xffffffff);
		return labelled_hex(o, " subleaf=", detail >> 32);
	case EXIT_HYPERCALL:
		return labelled_dec(o, " number=", detail);
	case EXIT_CR_ACCESS:
		return register_print(o, "cr", detail);
	case EXIT_DR_ACCESS:
		return register_print(o, "dr", detail);
	case EXIT_IO:
		return io_print(o, detail);
	case EXIT_MSR_READ:
	case EXIT_MSR_WRITE:
		return msr_print(o, detail);
	case EXIT_NPF:
		return npf_print(o, detail);
	case EXIT_INVLPG:
		return labelled_hex(o, " gva=", detail);
	case EXIT_TASK_SWITCH:
		return labelled_hex(o, " tss=", detail);
	}
	if (detail)
		labelled_hex(o, " detail=", detail);
}
