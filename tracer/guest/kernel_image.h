/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a Linux guest's kernel lies: KASLR moves it in both address spaces,
 * but it stays in one piece, and the page tables tell where.
 */
#ifndef TRACER_GUEST_KERNEL_IMAGE_H
#define TRACER_GUEST_KERNEL_IMAGE_H

#include "tracer/guest/guest_memory.h"

/* Neighbouring pages of the image with the same permissions. */
struct kernel_run {
	uint64_t offset, bytes;	/* from _text */
	bool writable, no_execute;
};

/*
 * 6 to 69 were seen: the init memory that a kernel frees is given away in
 * pieces with other permissions. The image comes first; runs past this many
 * are not kept.
 */
#define KERNEL_RUNS_MAX 1024

struct kernel_image {
	uint64_t text;		/* gva of _text */
	uint64_t bytes;		/* up to the end of the last run */
	const uint8_t *host;	/* all of it: the image is linear */
	struct guest_paging paging;	/* the kernel's half is whole in it */
	struct kernel_run run[KERNEL_RUNS_MAX];
	unsigned int runs;
};

/*
 * 0; -EAGAIN: these page tables map no kernel (yet); -ENOENT: what they map
 * cannot be a kernel. *why says it.
 */
int kernel_image_find(struct kernel_image *k, const struct guest_memory *m,
		      const struct guest_paging *p, const char **why);
/* The image's bytes at [gva, gva + bytes); NULL if not all inside. */
const uint8_t *kernel_image_at(const struct kernel_image *k, uint64_t gva,
			       uint64_t bytes);

#endif
