/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A look through a few ranges, for each kind of address.
 */
#include "tracer/event/device_map.h"

#include <stddef.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

struct range {
	enum device device;
	uint64_t first, last;
};

static const struct range ports[] = {
#define DEVICE_PORTS(NAME, first, last) { DEVICE_##NAME, first, last },
#include "vmm-core/abi/devices.def"
};

static const struct range pages[] = {
#define DEVICE_PAGES(NAME, first, last) { DEVICE_##NAME, first, last },
#include "vmm-core/abi/devices.def"
};

static const struct range msrs[] = {
#define DEVICE_MSRS(NAME, first, last) { DEVICE_##NAME, first, last },
#include "vmm-core/abi/devices.def"
};

static const char *const names[] = {
#define DEVICE(NAME, name, help) name,
#include "vmm-core/abi/devices.def"
	"unknown",
};

static enum device range_find(const struct range *ranges, size_t count,
			      uint64_t address)
{
	for (size_t i = 0; i < count; i++)
		if (address - ranges[i].first <=
		    ranges[i].last - ranges[i].first)
			return ranges[i].device;
	return DEVICE_NONE;
}

enum device device_of_port(uint64_t port)
{
	return range_find(ports, ARRAY_SIZE(ports), port);
}

enum device device_of_page(uint64_t gpa)
{
	return range_find(pages, ARRAY_SIZE(pages), gpa);
}

enum device device_of_msr(uint64_t index)
{
	return range_find(msrs, ARRAY_SIZE(msrs), index);
}

const char *device_name(enum device device)
{
	return names[device <= DEVICES ? device : DEVICES];
}
