/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a kernel's trace has the fields of KVM's tracepoints, by the formats
 * that the trace brings along.
 */
#ifndef TRACER_FOREIGN_KVM_FORMATS_H
#define TRACER_FOREIGN_KVM_FORMATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kvm_point {
#define KVM_POINT(NAME, name) KVM_##NAME,
#include "tracer/foreign/kvm_points.def"
	KVM_POINTS
};

enum kvm_field {
#define KVM_FIELD(POINT, NAME, name) KVM_##NAME,
#include "tracer/foreign/kvm_points.def"
	KVM_FIELDS
};

struct kvm_formats {
	struct {
		bool known;
		uint16_t id;	/* in a record's first two bytes */
	} point[KVM_POINTS];
	struct {
		uint16_t offset;
		uint8_t bytes;	/* 0: the kernel has no such field */
	} field[KVM_FIELDS];
};

/*
 * Takes what /sys/kernel/tracing/events/.../format says of one tracepoint;
 * one that is not KVM's changes nothing.
 */
void kvm_formats_add(struct kvm_formats *f, const char *text, size_t bytes);
/* The same of all that perf's and trace-cmd's "tracing data" holds. */
void kvm_formats_load(struct kvm_formats *f, const char *data, size_t bytes);

/* KVM_POINTS: none of KVM's. */
static inline enum kvm_point kvm_point_of(const struct kvm_formats *f,
					  const char *raw, size_t bytes)
{
	enum kvm_point point = 0;
	uint16_t id;

	if (bytes < sizeof(id))
		return KVM_POINTS;
	__builtin_memcpy(&id, raw, sizeof(id));
	while (point < KVM_POINTS &&
	       (f->point[point].id != id || !f->point[point].known))
		point++;
	return point;
}

/* false: the record has no such field. */
static inline bool kvm_field_take(const struct kvm_formats *f,
				  enum kvm_field field, const char *raw,
				  size_t bytes, uint64_t *value)
{
	size_t offset = f->field[field].offset, size = f->field[field].bytes;
	uint64_t word = 0;

	*value = 0;
	if (!size || offset + size > bytes)
		return false;
	/* a copy of 8 bytes is one load, one of `size` bytes a loop */
	if (offset + sizeof(word) <= bytes)
		__builtin_memcpy(&word, raw + offset, sizeof(word));
	else
		__builtin_memcpy(&word, raw + offset, size);
	*value = word << (64 - 8 * size) >> (64 - 8 * size);
	return true;
}

#endif
