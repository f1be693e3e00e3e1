/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Trace files of version 1, which 0.1.0 wrote: what differs, made to be as
 * the present version has it.
 */
#ifndef TRACER_FILE_VERSION1_H
#define TRACER_FILE_VERSION1_H

#include <stddef.h>

#include "vmm-core/abi/event.h"

/*
 * A record of version 1 has no EVENT_KNOWN_ bits, and the core knew all; the
 * upper bits of a nested page fault's address were 0. Changes whole slots of
 * raw events; NULL, or static text: what no such file could have.
 */
const char *version1_events(void *raw, size_t bytes);

#endif
