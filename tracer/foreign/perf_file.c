/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of a perf.data file: Linux, tools/perf/Documentation/
 * perf.data-file-format.txt.
 */
#include "tracer/foreign/perf_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIPE_HEADER	16
#define FILE_HEADER	104
#define ATTR_BYTES_MIN	64
#define ATTR_BYTES_MAX	4096

enum perf_feature {
	FEATURE_TRACING_DATA = 1,
	FEATURE_HOSTNAME = 3,
	FEATURE_VERSION = 5,
	FEATURE_CMDLINE = 11,
	FEATURE_CLOCK_DATA = 29,
};
#define FEATURES 256

/* Not beyond its end: what is behind that is left out. */
static struct perf_part part_of(struct perf_part whole, uint64_t offset,
				uint64_t bytes)
{
	if (offset > whole.bytes)
		return (struct perf_part){ 0 };
	if (bytes > whole.bytes - offset)
		bytes = whole.bytes - offset;
	return (struct perf_part){ whole.at + offset, bytes };
}

static uint64_t word_at(struct perf_part part, size_t offset, size_t bytes)
{
	return offset <= part.bytes && part.bytes - offset >= bytes ?
		perf_word(part.at + offset, bytes) : 0;
}

static int attr_add(struct perf_file *p, struct perf_part attr,
		    struct perf_part ids)
{
	struct perf_attr *grown = reallocarray(p->attr, p->attrs + 1,
					       sizeof(*grown));
	size_t count = ids.bytes / 8;
	struct perf_attr_id *id;

	if (!grown)
		return -ENOMEM;
	p->attr = grown;
	p->attr[p->attrs] = (struct perf_attr){
		.sample_type = word_at(attr, 24, 8),
		.read_format = word_at(attr, 32, 8),
		.sample_id_all = word_at(attr, 40, 8) >> 18 & 1,
	};
	if (count) {
		id = reallocarray(p->id, p->ids + count, sizeof(*id));
		if (!id)
			return -ENOMEM;
		p->id = id;
	}
	for (size_t i = 0; i < count; i++)
		p->id[p->ids++] = (struct perf_attr_id){
			.id = perf_word(ids.at + 8 * i, 8), .attr = p->attrs };
	p->attrs++;
	return 0;
}

static int id_order(const void *a, const void *b)
{
	const struct perf_attr_id *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/* The attributes of a file, each with the place of its ids. */
static int attrs_load(struct perf_file *p, struct perf_part file)
{
	uint64_t each = word_at(file, 16, 8);
	struct perf_part all = part_of(file, word_at(file, 24, 8),
				       word_at(file, 32, 8));
	int err = 0;

	if (each < ATTR_BYTES_MIN || each > ATTR_BYTES_MAX)
		return -EBADMSG;
	for (size_t at = 0; !err && all.bytes - at >= each; at += each) {
		struct perf_part one = part_of(all, at, each);

		err = attr_add(p, part_of(one, 0, each - 16),
			       part_of(file, word_at(one, each - 16, 8),
				       word_at(one, each - 8, 8)));
	}
	return err;
}

/* One of an event in a pipe: the attribute, then its ids. */
static int attr_event(struct perf_file *p, struct perf_part body)
{
	uint64_t bytes = word_at(body, 4, 4);

	if (bytes < ATTR_BYTES_MIN || bytes > body.bytes)
		return -EBADMSG;
	return attr_add(p, part_of(body, 0, bytes),
			part_of(body, bytes, body.bytes));
}

static void text_take(char *to, size_t room, struct perf_part text)
{
	struct perf_part chars = part_of(text, 4, word_at(text, 0, 4));

	*to = 0;
	if (chars.bytes)
		snprintf(to, room, "%.*s",
			 (int)strnlen(chars.at, chars.bytes), chars.at);
}

static void command_take(struct perf_file *p, struct perf_part words)
{
	uint64_t count = word_at(words, 0, 4);
	size_t at = 4, used = 0;

	while (count-- && at < words.bytes && used < sizeof(p->command)) {
		struct perf_part word = part_of(words, at, words.bytes);

		if (used)
			p->command[used++] = ' ';
		text_take(p->command + used, sizeof(p->command) - used, word);
		used += strlen(p->command + used);
		at += 4 + word_at(word, 0, 4);
	}
	p->command[sizeof(p->command) - 1] = 0;
}

static void feature_take(struct perf_file *p, unsigned int feature,
			 struct perf_part part)
{
	switch (feature) {
	case FEATURE_TRACING_DATA:
		p->formats = part;
		break;
	case FEATURE_HOSTNAME:
		text_take(p->host, sizeof(p->host), part);
		break;
	case FEATURE_VERSION:
		text_take(p->version, sizeof(p->version), part);
		break;
	case FEATURE_CMDLINE:
		command_take(p, part);
		break;
	case FEATURE_CLOCK_DATA:
		p->wall_ns = word_at(part, 8, 8);
		p->time_at_wall = word_at(part, 16, 8);
		break;
	}
}

/* The places of those that are there stand behind the events, in order. */
static void features_load(struct perf_file *p, struct perf_part file)
{
	struct perf_part places;
	uint64_t begin, at = 0;

	if (__builtin_add_overflow(word_at(file, 40, 8), word_at(file, 48, 8),
				   &begin))
		return;
	places = part_of(file, begin, FEATURES * 16);
	for (unsigned int i = 0; i < FEATURES; i++) {
		if (!(word_at(file, 72 + i / 64 * 8, 8) >> i % 64 & 1))
			continue;
		feature_take(p, i, part_of(file, word_at(places, at, 8),
					   word_at(places, at + 8, 8)));
		at += 16;
	}
}

int perf_event_next(const struct perf_part *events, size_t *at,
		    struct perf_event *ev)
{
	size_t left = events->bytes - *at, bytes, more = 0;
	const char *head;

	if (!left)
		return 0;
	head = events->at + *at;
	if (left < 8)
		return -EBADMSG;
	ev->type = (uint32_t)perf_word(head, 4);
	bytes = perf_word(head + 6, 2);
	if (bytes < 8 || bytes > left)
		return -EBADMSG;
	/* what these announce stands behind them */
	if (ev->type == PERF_TRACING_DATA && bytes >= 12)
		more = (perf_word(head + 8, 4) + 7) & ~7ull;
	else if (ev->type == PERF_AUXTRACE && bytes >= 16)
		more = perf_word(head + 8, 8);
	if (more > left - bytes)
		return -EBADMSG;
	ev->body = (struct perf_part){ head + 8, bytes - 8 + more };
	*at += bytes + more;
	return 1;
}

static int event_load(struct perf_file *p, const struct perf_event *ev)
{
	switch (ev->type) {
	case PERF_HEADER_ATTR:
		return attr_event(p, ev->body);
	case PERF_TRACING_DATA:
		p->formats = part_of(ev->body, 4, word_at(ev->body, 0, 4));
		break;
	case PERF_FEATURE:
		feature_take(p, (unsigned int)word_at(ev->body, 0, 8),
			     part_of(ev->body, 8, ev->body.bytes));
		break;
	}
	return 0;
}

/* Loads what a pipe has among its events; drops the last if it is not whole. */
static int events_load(struct perf_file *p, struct perf_part file)
{
	struct perf_event ev;
	size_t at = 0;
	int got, err = 0;

	while (!err && (got = perf_event_next(&p->events, &at, &ev)) > 0) {
		if (ev.type == PERF_COMPRESSED || ev.type == PERF_COMPRESSED2)
			p->packed = true;
		err = event_load(p, &ev);
	}
	if (err)
		return err;
	if (got < 0) {
		p->cut = true;
		p->cut_at = (uint64_t)(p->events.at - file.at) + at;
	}
	p->events.bytes = at;
	return 0;
}

static int parts_load(struct perf_file *p, struct perf_part file,
		      const char **why)
{
	uint64_t head = word_at(file, 8, 8), bytes;
	int err = 0;

	*why = "it ends inside its header";
	if (file.bytes < PIPE_HEADER)
		return -EBADMSG;
	if (head == PIPE_HEADER) {
		p->events = part_of(file, PIPE_HEADER, file.bytes);
		*why = "its events make no sense";
		return events_load(p, file);
	}
	if (file.bytes < FILE_HEADER)
		return -EBADMSG;
	bytes = word_at(file, 48, 8);
	p->events = part_of(file, word_at(file, 40, 8), bytes);
	p->cut = p->events.bytes < bytes;
	p->cut_at = file.bytes;
	*why = "its header makes no sense";
	err = attrs_load(p, file);
	if (err)
		return err;
	features_load(p, file);
	return events_load(p, file);
}

int perf_file_load(struct perf_file *p, struct perf_part file,
		   const char **why)
{
	int err;

	*p = (struct perf_file){ 0 };
	err = parts_load(p, file, why);
	if (err == -ENOMEM)
		*why = "out of memory";
	if (!err && p->ids)
		qsort(p->id, p->ids, sizeof(*p->id), id_order);
	return err;
}

void perf_file_free(struct perf_file *p)
{
	free(p->unpacked);
	free(p->attr);
	free(p->id);
}
