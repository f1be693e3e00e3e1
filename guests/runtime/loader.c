/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The information structures of multiboot1 and of PVH.
 */
#include "guests/runtime/loader.h"

#include "guests/runtime/guest.h"

#define MIB			(1ull << 20)
#define MULTIBOOT_MEMORY	BIT(0)
#define MULTIBOOT_COMMAND_LINE	BIT(2)
#define PVH_MAGIC		0x336ec578u
#define PVH_RAM			1

struct multiboot_start {
	u32 flags;
	u32 lower_kib, upper_kib;	/* upper: from 1 MiB on */
	u32 boot_device, command_line;
};

/* Xen's public header arch-x86/hvm/start_info.h. */
struct pvh_start {
	u32 magic, version, flags, modules;
	u64 module_list, command_line, rsdp;
	/* from version 1 on */
	u64 memory_map;
	u32 memory_entries, reserved;
};

struct pvh_memory {
	u64 address, bytes;
	u32 type, reserved;
};

static const struct multiboot_start *multiboot(void)
{
	return (const void *)(u64)guest_multiboot_info;
}

static const struct pvh_start *pvh(void)
{
	const struct pvh_start *s = (const void *)(u64)guest_pvh_info;

	return s && s->magic == PVH_MAGIC ? s : NULL;
}

const char *loader_protocol(void)
{
	return pvh() ? "pvh" : "multiboot";
}

const char *loader_command_line(void)
{
	const struct multiboot_start *m = multiboot();
	u64 line = 0;

	if (pvh())
		line = pvh()->command_line;
	else if (m && m->flags & MULTIBOOT_COMMAND_LINE)
		line = m->command_line;
	return line ? (const char *)line : "";
}

const char *loader_option(const char *name)
{
	const char *at = loader_command_line();

	while (*at) {
		const char *n = name;

		while (*n && *at == *n)
			at++, n++;
		if (!*n && *at == '=')
			return at + 1;
		while (*at && *at != ' ')
			at++;
		while (*at == ' ')
			at++;
	}
	return NULL;
}

static u64 pvh_memory_end(const struct pvh_start *s)
{
	const struct pvh_memory *m = (const void *)s->memory_map;

	for (u32 i = 0; s->version >= 1 && i < s->memory_entries; i++)
		if (m[i].type == PVH_RAM && m[i].address <= MIB &&
		    m[i].address + m[i].bytes > MIB)
			return m[i].address + m[i].bytes;
	return 0;
}

u64 loader_memory_end(void)
{
	const struct multiboot_start *m = multiboot();

	if (pvh())
		return pvh_memory_end(pvh());
	if (!m || !(m->flags & MULTIBOOT_MEMORY))
		return 0;
	return ((u64)m->upper_kib << 10) + MIB;
}

u64 loader_rsdp(void)
{
	return pvh() ? pvh()->rsdp : 0;
}
