/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests of other CPUs and of interrupt handlers to the CPU that runs a
 * vCPU: one atomic word, and the kick that makes that CPU look at it.
 *
 * Anybody posts; only the CPU that runs the vCPU takes. A request that is
 * there already is not posted twice, and needs no second kick: its CPU has
 * not looked yet. Data that belongs to a request is written before it is
 * posted.
 */
#ifndef VMM_CORE_CPU_REQUEST_H
#define VMM_CORE_CPU_REQUEST_H

#include "vmm-core/lib/types.h"

struct cpu;

enum request {
#define REQUEST(bit, NAME, help) REQUEST_##NAME = 1u << (bit),
#include "vmm-core/cpu/request.def"
};

#define REQUEST_SIPI_VECTOR(mask)	((u8)((mask) >> 24))

struct requests {
	u32 mask;		/* enum request, and the vector of SIPI */
	struct cpu *cpu;	/* that is kicked; set before the first post */
};

/* A look at the requests that wait; the loop takes them before it acts. */
static inline u32 requests_waiting(const struct requests *r)
{
	return __atomic_load_n(&r->mask, __ATOMIC_RELAXED);
}

/* Takes all that wait out of the mask, STOP excepted. */
static inline u32 requests_take(struct requests *r)
{
	/* acquire: partner of the release in requests_change() */
	return __atomic_fetch_and(&r->mask, REQUEST_STOP, __ATOMIC_ACQUIRE);
}

/* INIT also forgets a SIPI that came before it. */
void request_post(struct requests *r, enum request what);
/* The first of several that wait counts. */
void request_post_sipi(struct requests *r, u8 vector);

#endif
