/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A record:
 *
 *  31    30    28 27          0
 *  | tsc | words |    event   | then the TSC (64 bits), if any, and the words
 */
#include "tracer/foreign/xen_records.h"

#include <errno.h>
#include <string.h>

int xen_record_next(const struct xen_bytes *file, size_t *at,
		    struct xen_record *r)
{
	size_t left = file->bytes - *at, bytes;
	const char *from = file->at + *at;
	uint32_t head;

	if (!left)
		return 0;
	if (left < sizeof(head))
		return -EBADMSG;
	memcpy(&head, from, sizeof(head));
	*r = (struct xen_record){
		.event = head & 0x0fffffff,
		.timed = head >> 31,
		.words = head >> 28 & 7,
	};
	bytes = sizeof(head) + (r->timed ? 8 : 0) + 4 * r->words;
	if (bytes > left)
		return -EBADMSG;
	from += sizeof(head);
	if (r->timed) {
		memcpy(&r->tsc, from, sizeof(r->tsc));
		from += sizeof(r->tsc);
	}
	memcpy(r->word, from, 4 * r->words);
	*at += bytes;
	return 1;
}
