/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words of an event of perf.data: Linux, perf_event_open(2),
 * "PERF_RECORD_SAMPLE" and "sample_id_all".
 */
#include "tracer/foreign/perf_file.h"

enum sample_bit {
	SAMPLE_IP = 1 << 0,
	SAMPLE_TID = 1 << 1,
	SAMPLE_TIME = 1 << 2,
	SAMPLE_ADDR = 1 << 3,
	SAMPLE_READ = 1 << 4,
	SAMPLE_CALLCHAIN = 1 << 5,
	SAMPLE_ID = 1 << 6,
	SAMPLE_CPU = 1 << 7,
	SAMPLE_PERIOD = 1 << 8,
	SAMPLE_STREAM_ID = 1 << 9,
	SAMPLE_RAW = 1 << 10,
	SAMPLE_IDENTIFIER = 1 << 16,
};

enum read_bit {
	READ_TIME_ENABLED = 1 << 0,
	READ_TIME_RUNNING = 1 << 1,
	READ_ID = 1 << 2,
	READ_GROUP = 1 << 3,
	READ_LOST = 1 << 4,
};

/* Words of 64 bits, from the front. */
struct words {
	const char *at;
	size_t left;		/* bytes */
	bool short_of;		/* one was asked for that is not there */
};

static uint64_t word_take(struct words *w)
{
	uint64_t word;

	if (w->left < 8) {
		w->short_of = true;
		return 0;
	}
	word = perf_word(w->at, 8);
	w->at += 8;
	w->left -= 8;
	return word;
}

static void words_skip(struct words *w, uint64_t count)
{
	if (count > w->left / 8) {
		w->short_of = true;
		return;
	}
	w->at += 8 * count;
	w->left -= 8 * count;
}

static const struct perf_attr *attr_of(const struct perf_file *p, uint64_t id)
{
	size_t low = 0, high = p->ids;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (p->id[middle].id == id)
			return &p->attr[p->id[middle].attr];
		if (p->id[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Without ids in a place that all have in common, all samples are alike. */
static const struct perf_attr *attr_choose(const struct perf_file *p,
					   const char *identifier)
{
	if (!p->attrs)
		return NULL;
	if (!(p->attr[0].sample_type & SAMPLE_IDENTIFIER))
		return &p->attr[0];
	return attr_of(p, perf_word(identifier, 8));
}

static void read_skip(struct words *w, uint64_t format)
{
	uint64_t each = 1 + !!(format & READ_ID) + !!(format & READ_LOST);
	uint64_t times = !!(format & READ_TIME_ENABLED) +
			 !!(format & READ_TIME_RUNNING);
	uint64_t count = 1;

	if (format & READ_GROUP)
		count = word_take(w);
	words_skip(w, times);
	words_skip(w, count > w->left ? count : count * each);
}

static bool raw_take(struct words *w, struct perf_part *raw)
{
	uint64_t bytes;

	if (w->left < 4)
		return false;
	bytes = perf_word(w->at, 4);
	if (bytes > w->left - 4)
		return false;
	*raw = (struct perf_part){ w->at + 4, bytes };
	return true;
}

bool perf_sample_take(const struct perf_file *p, const struct perf_event *ev,
		      struct perf_sample *s)
{
	struct words w = { ev->body.at, ev->body.bytes, false };
	const struct perf_attr *attr;
	uint64_t type, word;

	if (ev->type != PERF_SAMPLE || w.left < 8)
		return false;
	attr = attr_choose(p, w.at);
	if (!attr)
		return false;
	type = attr->sample_type;
	if ((type & (SAMPLE_TID | SAMPLE_TIME | SAMPLE_RAW)) !=
	    (SAMPLE_TID | SAMPLE_TIME | SAMPLE_RAW))
		return false;
	words_skip(&w, !!(type & SAMPLE_IDENTIFIER) + !!(type & SAMPLE_IP));
	word = word_take(&w);
	s->pid = (uint32_t)word;
	s->tid = (uint32_t)(word >> 32);
	s->time = word_take(&w);
	words_skip(&w, !!(type & SAMPLE_ADDR) + !!(type & SAMPLE_ID) +
		   !!(type & SAMPLE_STREAM_ID));
	s->cpu = type & SAMPLE_CPU ? (uint32_t)word_take(&w) : 0;
	words_skip(&w, !!(type & SAMPLE_PERIOD));
	if (type & SAMPLE_READ)
		read_skip(&w, attr->read_format);
	if (type & SAMPLE_CALLCHAIN)
		words_skip(&w, word_take(&w));
	return !w.short_of && raw_take(&w, &s->raw);
}

bool perf_event_when(const struct perf_file *p, const struct perf_event *ev,
		     struct perf_sample *s)
{
	const char *end = ev->body.at + ev->body.bytes;
	const struct perf_attr *attr;
	uint64_t type;
	size_t words;

	if (ev->body.bytes < 8)
		return false;
	attr = attr_choose(p, end - 8);
	if (!attr || !attr->sample_id_all || !(attr->sample_type & SAMPLE_TIME))
		return false;
	type = attr->sample_type;
	words = !!(type & SAMPLE_IDENTIFIER) + !!(type & SAMPLE_CPU) +
		!!(type & SAMPLE_STREAM_ID) + !!(type & SAMPLE_ID) + 1;
	if (ev->body.bytes < 8 * words)
		return false;
	s->time = perf_word(end - 8 * words, 8);
	s->cpu = type & SAMPLE_CPU ? (uint32_t)perf_word(
		end - (type & SAMPLE_IDENTIFIER ? 16 : 8), 8) : 0;
	return true;
}
