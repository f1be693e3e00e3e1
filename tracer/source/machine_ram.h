/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where in a machine's RAM file a physical address lies.
 */
#ifndef TRACER_SOURCE_MACHINE_RAM_H
#define TRACER_SOURCE_MACHINE_RAM_H

#include <stdbool.h>
#include <stdint.h>

/* false: not all of [hpa, hpa + bytes) is RAM, in one piece. */
bool machine_ram_offset(uint64_t ram_bytes, uint64_t hpa, uint64_t bytes,
			uint64_t *offset);

#endif
