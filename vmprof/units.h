/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sizes and durations as people type them: 256M, 1.5G, 500ms, 2m.
 */
#ifndef VMPROF_UNITS_H
#define VMPROF_UNITS_H

#include <stdint.h>

/* Bytes; K, M, G, T are powers of 1024. 0, or -EINVAL: also for none at all. */
int units_parse_size(const char *text, uint64_t *bytes);
/* Seconds, if no ns, us, ms, s, m or h follows. 0, or -EINVAL: also for none. */
int units_parse_duration(const char *text, uint64_t *ns);

#endif
