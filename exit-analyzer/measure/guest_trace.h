/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Adds up what a running guest's exits cost, from the rings of its machine:
 * by reason, and by reason and guest function.
 */
#ifndef EXIT_ANALYZER_MEASURE_GUEST_TRACE_H
#define EXIT_ANALYZER_MEASURE_GUEST_TRACE_H

#include <stdbool.h>

#include "exit-analyzer/result/result.h"
#include "machine/machine.h"

struct guest_trace;

/* NULL and errno. The machine must live longer. reasons: keep that of each
 * exit, in order. */
struct guest_trace *guest_trace_open(struct machine *m, bool reasons);
/* Takes what the rings hold now. 0 or a negative errno. */
int guest_trace_drain(struct guest_trace *t);
/* Rows "reason" and "reason,function", once the machine has stopped. An
 * error also where records were missed: costs would be too small. */
int guest_trace_rows(struct guest_trace *t, const struct machine *m,
		     struct result *r);
/* Returns the reasons of the exits so far, if they were kept; valid until the
 * next drain. */
const uint16_t *guest_trace_reasons(const struct guest_trace *t, size_t *exits);
/* A sentence about the last error. */
const char *guest_trace_error(const struct guest_trace *t);
/* NULL is fine. */
void guest_trace_close(struct guest_trace *t);

#endif
