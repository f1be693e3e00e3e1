/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's clock, which nobody sets back.
 */
#ifndef VMTOP_CLOCK_H
#define VMTOP_CLOCK_H

#include <time.h>

static inline double clock_now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

#endif
