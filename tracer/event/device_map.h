/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which device of the virtual platform an exit is about, by vmm-core/abi's
 * devices.def.
 */
#ifndef TRACER_EVENT_DEVICE_MAP_H
#define TRACER_EVENT_DEVICE_MAP_H

#include <stdint.h>

#include "vmm-core/abi/event.h"

enum device {
#define DEVICE(NAME, name, help) DEVICE_##NAME,
#include "vmm-core/abi/devices.def"
	DEVICES,
	DEVICE_NONE = DEVICES,
};

/* DEVICE_NONE: none is there. */
enum device device_of_port(uint64_t port);
enum device device_of_page(uint64_t gpa);
enum device device_of_msr(uint64_t index);
/* "unknown" of DEVICE_NONE. */
const char *device_name(enum device device);

#endif
