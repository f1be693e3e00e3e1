/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A look through a few ranges.
 */
#include "tracer/event/device_map.h"

#include <stddef.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* For machines that publish no list. */
static const struct device_range defaults[] = {
#define DEVICE_PORTS(NAME, first, last) \
	{ DEVICE_##NAME, ANCHOR_PORTS, first, last },
#define DEVICE_PAGES(NAME, first, last) \
	{ DEVICE_##NAME, ANCHOR_MEMORY, first, last },
#include "vmm-core/abi/devices.def"
};

static const struct { enum device device; uint64_t first, last; } msrs[] = {
#define DEVICE_MSRS(NAME, first, last) { DEVICE_##NAME, first, last },
#include "vmm-core/abi/devices.def"
};

static const char *const names[] = {
#define DEVICE(NAME, name, help) name,
#include "vmm-core/abi/devices.def"
	"unknown",
};

_Static_assert(ARRAY_SIZE(defaults) <= ANCHOR_RANGES_MAX, "room for them");

static enum device device_named(const char *name)
{
	unsigned int d = 0;

	while (d < DEVICES && strcmp(names[d], name))
		d++;
	return d;
}

void device_map_make(struct device_map *map, const struct origin *o)
{
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++) {
		const struct origin_vm *of = o ? origin_vm(o, vm) : NULL;
		const struct anchor_range *from = of ? of->range : NULL;
		unsigned int n = 0;

		for (; of && n < of->ranges && n < ANCHOR_RANGES_MAX; n++)
			map->vm[vm].range[n] = (struct device_range){
				.device = device_named(from[n].name),
				.space = from[n].space,
				.first = from[n].base,
				.last = from[n].base + from[n].bytes - 1,
			};
		if (!n)
			memcpy(map->vm[vm].range, defaults, sizeof(defaults));
		map->vm[vm].ranges = n ? n : ARRAY_SIZE(defaults);
	}
}

enum device device_at(const struct device_map *map, unsigned int vm,
		      enum anchor_space space, uint64_t address)
{
	if (vm >= ANCHOR_VMS_MAX)
		return DEVICE_NONE;
	for (unsigned int i = 0; i < map->vm[vm].ranges; i++) {
		const struct device_range *r = &map->vm[vm].range[i];

		if (r->space == space &&
		    address - r->first <= r->last - r->first)
			return r->device;
	}
	return DEVICE_NONE;
}

enum device device_of_msr(uint64_t index)
{
	for (size_t i = 0; i < ARRAY_SIZE(msrs); i++)
		if (index - msrs[i].first <= msrs[i].last - msrs[i].first)
			return msrs[i].device;
	return DEVICE_NONE;
}

const char *device_name(enum device device)
{
	return names[device <= DEVICES ? device : DEVICES];
}
