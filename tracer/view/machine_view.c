/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks every address of a machine against the end of its mapping.
 */
#include "tracer/view/machine_view.h"

#include <string.h>

#include "abi_hash.h"

const void *view_bytes(const struct machine_view *view, uint64_t hpa,
		       uint64_t bytes)
{
	return hpa <= view->bytes && bytes <= view->bytes - hpa ?
		(const char *)view->ram + hpa : NULL;
}

const struct anchor *view_anchor(const struct machine_view *view)
{
	return view_bytes(view, view->anchor, sizeof(struct anchor));
}

bool view_anchor_copy(const struct machine_view *view, struct anchor *copy)
{
	const struct anchor *from = view_bytes(view, view->anchor,
					       ANCHOR_BYTES);

	if (!from || view->anchor % ANCHOR_BYTES)
		return false;
	/* magic is stored last: all else is there when it is seen */
	if (__atomic_load_n(&from->magic, __ATOMIC_ACQUIRE) != ANCHOR_MAGIC)
		return false;
	memcpy(copy, from, sizeof(*copy));
	return copy->version == ANCHOR_VERSION &&
		copy->bytes == sizeof(*copy) && copy->abi_hash == ABI_HASH &&
		copy->cpus <= ANCHOR_CPUS_MAX && copy->vms <= ANCHOR_VMS_MAX;
}

const struct anchor_vcpu *view_vcpu(const struct machine_view *view,
				    unsigned int index)
{
	const struct anchor *a = view_anchor(view);
	const struct anchor_vcpu *table;

	if (!a || index >= ANCHOR_VCPUS_MAX)
		return NULL;
	table = view_bytes(view,
			   __atomic_load_n(&a->vcpu_hpa, __ATOMIC_RELAXED),
			   (index + 1) * sizeof(*table));
	return table ? table + index : NULL;
}

uint64_t view_find_anchor(const void *ram, uint64_t bytes)
{
	struct machine_view view = { .ram = ram, .bytes = bytes };
	struct anchor a;

	for (; view.anchor < bytes; view.anchor += ANCHOR_BYTES)
		if (view_anchor_copy(&view, &a))
			return view.anchor;
	return UINT64_MAX;
}
