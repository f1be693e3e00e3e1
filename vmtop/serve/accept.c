/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A header is ranges between commas; a range is a type and parameters between
 * semicolons, of which q weighs it. Ranges that do not parse are left out.
 */
#include "vmtop/serve/accept.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define QUALITY_MAX	1000

/* Fits, from the least: any type, any of a kind, the type, with parameters. */
enum {
	FIT_NONE,
	FIT_ANY,
	FIT_KIND,
	FIT_TYPE,
};

/* A part of a text, without the spaces around it. */
struct span {
	const char *at;
	size_t bytes;
};

struct parameter {
	struct span name, value;
};

static struct span span_trim(struct span s)
{
	while (s.bytes && (*s.at == ' ' || *s.at == '\t')) {
		s.at++;
		s.bytes--;
	}
	while (s.bytes && (s.at[s.bytes - 1] == ' ' ||
			   s.at[s.bytes - 1] == '\t'))
		s.bytes--;
	return s;
}

static bool span_is(struct span a, struct span b)
{
	return a.bytes == b.bytes && !strncasecmp(a.at, b.at, a.bytes);
}

static struct span span_of(const char *text)
{
	return (struct span){ text, strlen(text) };
}

/* Cuts off the part before `end`, which quotes hide, or all of the rest. */
static struct span span_take(struct span *rest, char end)
{
	struct span part = { rest->at, 0 };
	bool quoted = false;

	while (part.bytes < rest->bytes) {
		char c = part.at[part.bytes];

		if (c == end && !quoted)
			break;
		if (c == '"')
			quoted = !quoted;
		else if (c == '\\' && quoted && part.bytes + 1 < rest->bytes)
			part.bytes++;
		part.bytes++;
	}
	rest->at += part.bytes;
	rest->bytes -= part.bytes;
	if (rest->bytes) {
		rest->at++;
		rest->bytes--;
	}
	return span_trim(part);
}

static struct parameter parameter_take(struct span *rest)
{
	struct parameter p = { .value = span_take(rest, ';') };
	struct span *v = &p.value;

	p.name = span_take(v, '=');
	*v = span_trim(*v);
	/* no value that is ours needs an escape */
	if (v->bytes >= 2 && *v->at == '"' && v->at[v->bytes - 1] == '"') {
		v->at++;
		v->bytes -= 2;
	}
	return p;
}

/* "0.25", "1": with three digits at most. false: not a weight. */
static bool quality_parse(struct span text, unsigned int *quality)
{
	unsigned int value, digit = QUALITY_MAX / 10;

	if (!text.bytes || text.bytes > strlen("0.000") ||
	    (*text.at != '0' && *text.at != '1') ||
	    (text.bytes > 1 && text.at[1] != '.'))
		return false;
	value = (*text.at - '0') * QUALITY_MAX;
	for (size_t i = 2; i < text.bytes; i++, digit /= 10) {
		if (!isdigit((unsigned char)text.at[i]))
			return false;
		value += (text.at[i] - '0') * digit;
	}
	*quality = value;
	return value <= QUALITY_MAX;
}

/* The weight of a range by its parameters; false: it has none that parses. */
static bool range_quality(struct span parameters, unsigned int *quality)
{
	*quality = QUALITY_MAX;
	while (parameters.bytes) {
		struct parameter p = parameter_take(&parameters);

		if (span_is(p.name, span_of("q")))
			return quality_parse(p.value, quality);
	}
	return true;
}

static unsigned int type_fit(struct span range, struct span type)
{
	struct span range_kind = span_take(&range, '/');
	struct span kind = span_take(&type, '/');
	struct span any = span_of("*");

	if (span_is(range_kind, any))
		return span_is(range, any) ? FIT_ANY : FIT_NONE;
	if (!span_is(range_kind, kind))
		return FIT_NONE;
	if (span_is(range, any))
		return FIT_KIND;
	return span_is(range, type) ? FIT_TYPE : FIT_NONE;
}

/* Looks among an offer's parameters; false: it has none of that name. */
static bool parameter_find(struct span parameters, struct span name,
			   struct span *value)
{
	while (parameters.bytes) {
		struct parameter p = parameter_take(&parameters);

		if (span_is(p.name, name)) {
			*value = p.value;
			return true;
		}
	}
	return false;
}

/*
 * How well a range describes an offer. Parameters that the offer lacks say
 * nothing of it: clients ask for extensions that a server may not know.
 */
static unsigned int range_fit(struct span range, const char *offer)
{
	struct span wanted = range, has = span_of(offer), value;
	struct span range_type = span_take(&wanted, ';');
	unsigned int fit = type_fit(range_type, span_take(&has, ';'));

	while (fit && wanted.bytes) {
		struct parameter p = parameter_take(&wanted);

		/* what follows the weight is not the type's */
		if (span_is(p.name, span_of("q")))
			break;
		if (!parameter_find(has, p.name, &value))
			continue;
		fit = span_is(p.value, value) ? fit + 1 : FIT_NONE;
	}
	return fit;
}

static void range_apply(struct accept *a, struct span range)
{
	struct span parameters = range;
	struct span type = span_take(&parameters, ';');
	unsigned int quality;

	if (!memchr(type.at, '/', type.bytes) ||
	    !range_quality(parameters, &quality))
		return;
	a->ranges++;
	for (size_t i = 0; i < a->offers; i++) {
		struct accept_offer *o = &a->offer[i];
		unsigned int fit = range_fit(range, o->type);

		if (fit < o->fit || !fit ||
		    (fit == o->fit && quality <= o->quality))
			continue;
		o->fit = fit;
		o->quality = quality;
		o->place = a->ranges;
	}
}

void accept_begin(struct accept *a, struct accept_offer *offer, size_t offers)
{
	*a = (struct accept){ .offer = offer, .offers = offers };
}

void accept_header(struct accept *a, const char *value)
{
	struct span rest = span_of(value);

	while (rest.bytes)
		range_apply(a, span_take(&rest, ','));
}

/* By weight, then by how exactly it was asked for, then by who asked first. */
static bool is_better(const struct accept_offer *a,
		      const struct accept_offer *b)
{
	if (a->quality != b->quality)
		return a->quality > b->quality;
	if ((a->fit >= FIT_TYPE) != (b->fit >= FIT_TYPE))
		return a->fit >= FIT_TYPE;
	return a->place < b->place;
}

int accept_choose(const struct accept *a)
{
	int best = -1;

	if (!a->ranges)
		return 0;
	for (size_t i = 0; i < a->offers; i++) {
		const struct accept_offer *o = &a->offer[i];

		if (o->fit && o->quality &&
		    (best < 0 || is_better(o, &a->offer[best])))
			best = i;
	}
	return best;
}
