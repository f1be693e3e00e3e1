/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers of the abi in words: the spelling of every table, CSV column and
 * JSON field. The tables are made from the .def files, so a row added there
 * has its name here.
 *
 * A number that this version does not know gives "unknown" (and help NULL),
 * except where NULL is promised. All texts are static.
 */
#ifndef TRACER_EVENT_EVENT_NAMES_H
#define TRACER_EVENT_EVENT_NAMES_H

#include <stdint.h>

#include "vmm-core/abi/event.h"

const char *event_name(unsigned int id);
const char *event_help(unsigned int id);
const char *event_isa_name(unsigned int isa);

const char *event_exit_reason_name(unsigned int reason);
const char *event_exit_reason_help(unsigned int reason);
/* The manual's name of a hardware exit code; NULL: no such code. */
const char *event_raw_name(unsigned int isa, uint32_t code);

const char *event_tlb_scope_name(unsigned int scope);
const char *event_tlb_scope_help(unsigned int scope);
const char *event_tlb_cause_name(unsigned int cause);
const char *event_tlb_cause_help(unsigned int cause);

/* NULL: a number that nobody has given a meaning. */
const char *event_hypercall_name(uint64_t number);
const char *event_vm_state_name(unsigned int state);

#endif
