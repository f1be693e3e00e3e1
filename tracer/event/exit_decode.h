/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From what the hardware says of an exit to what a record has of it, for
 * sources other than our core: neutral reason, raw code, and detail.
 */
#ifndef TRACER_EVENT_EXIT_DECODE_H
#define TRACER_EVENT_EXIT_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "vmm-core/abi/event.h"

struct exit_words {
	enum event_isa isa;
	uint32_t code;		/* EXITCODE (SVM) or basic reason (VMX) */
	bool has_info;		/* the three below were recorded */
	uint64_t info1;		/* EXITINFO1 or the exit qualification */
	uint64_t info2;		/* EXITINFO2; nothing on VMX */
	uint32_t intr_info;	/* VMX: interruption information */
	uint32_t error_code;	/* VMX: of an exception */
};

/* The neutral reason of a hardware's code; EXIT_UNKNOWN: it has none. */
enum exit_reason exit_reason_of(enum event_isa isa, uint32_t code);
/*
 * Sets reason, raw_code, isa_len, detail, and EVENT_KNOWN_DETAIL where it is
 * known. The RIP must be there already, if it is known.
 */
void exit_decode(struct event_vmexit *ev, const struct exit_words *w);

#endif
