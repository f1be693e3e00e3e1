/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which device of a VM an exit is about: by the list that its machine has
 * published, or, where there is none, by vmm-core/abi's devices.def. MSRs are
 * always by that.
 */
#ifndef TRACER_EVENT_DEVICE_MAP_H
#define TRACER_EVENT_DEVICE_MAP_H

#include <stdint.h>

#include "tracer/event/origin.h"

enum device {
#define DEVICE(NAME, name, help) DEVICE_##NAME,
#include "vmm-core/abi/devices.def"
	DEVICES,
	DEVICE_NONE = DEVICES,
};

struct device_range {
	enum device device;
	enum anchor_space space;
	uint64_t first, last;
};

struct device_map {
	struct {
		unsigned int ranges;
		struct device_range range[ANCHOR_RANGES_MAX];
	} vm[ANCHOR_VMS_MAX];
};

/* o: NULL if it is not known. */
void device_map_make(struct device_map *map, const struct origin *o);

/* DEVICE_NONE: none is there. */
enum device device_at(const struct device_map *map, unsigned int vm,
		      enum anchor_space space, uint64_t address);
enum device device_of_msr(uint64_t index);
/* "unknown" of DEVICE_NONE. */
const char *device_name(enum device device);

#endif
