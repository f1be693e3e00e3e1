/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The formats of tracepoints, which are text: Linux, Documentation/trace/
 * events.rst, "Event formats". Only names and places of fields are read here,
 * not how to print them, for the text may be hostile.
 */
#include "tracer/foreign/kvm_formats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const point_names[] = {
#define KVM_POINT(NAME, name) name,
#include "tracer/foreign/kvm_points.def"
};

static const struct {
	enum kvm_point point;
	const char *name;
} fields[] = {
#define KVM_FIELD(POINT, NAME, name) { KVM_##POINT, name },
#include "tracer/foreign/kvm_points.def"
};

/* "\tfield:unsigned int vcpu_id;\toffset:8;\tsize:4;\tsigned:0;" */
static void field_take(struct kvm_formats *f, enum kvm_point point,
		       const char *line)
{
	unsigned int offset, bytes;
	char declared[128], *name;

	if (sscanf(line, " field:%127[^;]; offset:%u; size:%u;", declared,
		   &offset, &bytes) != 3 ||
	    offset > UINT16_MAX || bytes > sizeof(uint64_t))
		return;
	name = strrchr(declared, ' ');
	for (int i = 0; name && i < KVM_FIELDS; i++)
		if (fields[i].point == point &&
		    !strcmp(fields[i].name, name + 1)) {
			f->field[i].offset = (uint16_t)offset;
			f->field[i].bytes = (uint8_t)bytes;
		}
}

static enum kvm_point point_by_name(const char *name)
{
	enum kvm_point point = 0;

	while (point < KVM_POINTS && strcmp(point_names[point], name))
		point++;
	return point;
}

static void text_take(struct kvm_formats *f, char *text)
{
	enum kvm_point point;
	char name[64], *rest, *line;
	unsigned int id;

	if (sscanf(text, "name: %63s ID: %u", name, &id) != 2 ||
	    id > UINT16_MAX)
		return;
	point = point_by_name(name);
	if (point == KVM_POINTS)
		return;
	f->point[point].known = true;
	f->point[point].id = (uint16_t)id;
	for (line = strtok_r(text, "\n", &rest);
	     line && strncmp(line, "print fmt", 9);
	     line = strtok_r(NULL, "\n", &rest))
		field_take(f, point, line);
}

void kvm_formats_add(struct kvm_formats *f, const char *text, size_t bytes)
{
	char *own = strndup(text, bytes);

	/* without memory nothing that follows works either */
	if (own)
		text_take(f, own);
	free(own);
}

/* The rest of tracing data, in which everything is packed. */
struct data {
	const char *at;
	size_t left;
};

static bool data_skip(struct data *d, uint64_t bytes)
{
	if (bytes > d->left)
		return false;
	d->at += bytes;
	d->left -= bytes;
	return true;
}

static bool number_take(struct data *d, size_t bytes, uint64_t *number)
{
	const char *at = d->at;

	*number = 0;
	if (!data_skip(d, bytes))
		return false;
	memcpy(number, at, bytes);
	return true;
}

static bool text_skip(struct data *d)
{
	return data_skip(d, strnlen(d->at, d->left) + 1);
}

/* A name, its bytes, and so many. */
static bool page_skip(struct data *d)
{
	uint64_t bytes;

	return text_skip(d) && number_take(d, 8, &bytes) && data_skip(d, bytes);
}

/* Their number, then formats, each with its bytes before it. */
static bool formats_take(struct kvm_formats *f, struct data *d)
{
	uint64_t count, bytes;

	if (!number_take(d, 4, &count))
		return false;
	while (count--) {
		const char *text;

		if (!number_take(d, 8, &bytes))
			return false;
		text = d->at;
		if (!data_skip(d, bytes))
			return false;
		kvm_formats_add(f, text, bytes);
	}
	return true;
}

void kvm_formats_load(struct kvm_formats *f, const char *data, size_t bytes)
{
	struct data d = { data, bytes };
	uint64_t systems;

	/* magic; version; byte order, size of a long, of a page */
	if (!data_skip(&d, 10) || !text_skip(&d) || !data_skip(&d, 6) ||
	    !page_skip(&d) || !page_skip(&d) ||
	    !formats_take(f, &d) || !number_take(&d, 4, &systems))
		return;
	while (systems--)
		if (!text_skip(&d) || !formats_take(f, &d))
			return;
}
