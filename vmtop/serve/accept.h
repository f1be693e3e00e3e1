/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chooses what to answer with by a request's Accept headers (RFC 9110,
 * "Proactive Negotiation").
 */
#ifndef VMTOP_SERVE_ACCEPT_H
#define VMTOP_SERVE_ACCEPT_H

#include <stdbool.h>
#include <stddef.h>

/* How well the headers like one offer. */
struct accept_offer {
	/* "text/plain; version=0.0.4", what it is sent as */
	const char *type;
	/* by the range that describes it best: */
	unsigned int fit;	/* 0: no range does */
	unsigned int quality;	/* in thousandths */
	unsigned int place;	/* of the range among all */
};

struct accept {
	struct accept_offer *offer;
	size_t offers;
	unsigned int ranges;	/* that were read */
};

/* `offer` has types, the one to prefer first, and lasts. */
void accept_begin(struct accept *a, struct accept_offer *offer, size_t offers);
/* Takes one header's value; a request may have several. */
void accept_header(struct accept *a, const char *value);
/* The offer to send, or -1 where the headers exclude them all. */
int accept_choose(const struct accept *a);

#endif
