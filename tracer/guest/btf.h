/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the members of a guest kernel's structs lie, from its BTF.
 *
 * The bytes are the guest's and may be anything: one bounded pass finds the
 * few structs that are asked for. libbpf's parser builds far more, takes
 * several times as long, and trusts its input more than we may.
 */
#ifndef TRACER_GUEST_BTF_H
#define TRACER_GUEST_BTF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct btf_member {
	const char *type;	/* of the struct */
	const char *name;	/* NULL: only the struct's size is wanted */
	/* set by btf_find() */
	bool found;
	uint32_t offset;
	uint32_t type_bytes;	/* of the struct */
};

/*
 * Looks all members up; `found` says of each whether it exists. 0; -EINVAL:
 * the bytes are not BTF; -ENOMEM. Members of unnamed structs and unions inside
 * count as the outer's.
 */
int btf_find(const uint8_t *btf, size_t bytes, struct btf_member *wanted,
	     unsigned int wanted_count);

#endif
