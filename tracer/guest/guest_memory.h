/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's memory, read from outside through the machine's RAM file.
 *
 * Everything read here was written by the guest, which may lie: every
 * length is bounded, every address checked. One thread at a time.
 */
#ifndef TRACER_GUEST_GUEST_MEMORY_H
#define TRACER_GUEST_GUEST_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Guest-physical [gpa, gpa + bytes) is at host. */
struct guest_extent {
	uint64_t gpa;
	uint64_t bytes;
	const uint8_t *host;
};

#define GUEST_EXTENTS_MAX 4

struct guest_memory {
	struct guest_extent extent[GUEST_EXTENTS_MAX];
	unsigned int extents;
};

/* How a vCPU translates; from the anchor's table, or a debugger. */
struct guest_paging {
	uint64_t cr0, cr3, cr4, efer;
};

/* A leaf of the guest's page tables. */
struct guest_mapping {
	uint64_t gva, gpa, bytes;
	bool writable, user, no_execute;
};

/* NULL unless all of [gpa, gpa + bytes) lies in one extent. */
const void *guest_physical(const struct guest_memory *m, uint64_t gpa,
			   size_t bytes);
/*
 * false: not mapped; then leaf->gva and leaf->bytes tell which aligned piece
 * of the address space is known to be unmapped (bytes is 0 if there is no
 * long mode paging, or gva is not canonical).
 */
bool guest_walk(const struct guest_memory *m, const struct guest_paging *p,
		uint64_t gva, struct guest_mapping *leaf);
/* Bytes copied, short where a mapping or the RAM ends. */
size_t guest_read_virtual(const struct guest_memory *m,
			  const struct guest_paging *p, uint64_t gva,
			  void *to, size_t bytes);

#endif
