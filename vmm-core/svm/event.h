/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events in the words of EVENTINJ and EXITINTINFO, which are the same.
 */
#ifndef VMM_CORE_SVM_EVENT_H
#define VMM_CORE_SVM_EVENT_H

#include "vmm-core/svm/regs.h"
#include "vmm-core/vcpu/vcpu.h"

/* Takes whatever can be injected: all but GUEST_EVENT_SOFT. */
static inline u64 svm_event_encode(struct guest_event event)
{
	static const u16 types[] = {
		[GUEST_EVENT_IRQ] = EVENT_TYPE_INTR,
		[GUEST_EVENT_NMI] = EVENT_TYPE_NMI,
		[GUEST_EVENT_EXCEPTION] = EVENT_TYPE_EXCEPTION,
	};
	u64 encoded = EVENT_VALID | types[event.type] | event.vector;

	if (event.has_error)
		encoded |= EVENT_ERROR_VALID | (u64)event.error << 32;
	return encoded;
}

/* INT3 and INTO say that they are exceptions. */
static inline enum guest_event_type svm_event_type(u64 encoded)
{
	u8 vector = encoded & EVENT_VECTOR;

	switch (encoded & EVENT_TYPE) {
	case EVENT_TYPE_INTR:
		return GUEST_EVENT_IRQ;
	case EVENT_TYPE_NMI:
		return GUEST_EVENT_NMI;
	case EVENT_TYPE_EXCEPTION:
		if (vector != VECTOR_BP && vector != VECTOR_OF)
			return GUEST_EVENT_EXCEPTION;
	}
	return GUEST_EVENT_SOFT;
}

/* The event whose delivery the exit broke off. */
static inline struct guest_event svm_event_decode(const struct vmcb *vmcb)
{
	u64 encoded = vmcb->exitintinfo;

	return (struct guest_event){
		.type = (u8)svm_event_type(encoded),
		.vector = encoded & EVENT_VECTOR,
		.has_error = encoded & EVENT_ERROR_VALID,
		.error = (u32)(encoded >> 32),
		.cr2 = vmcb->cr2,
	};
}

#endif
