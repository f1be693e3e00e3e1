/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The facts of two results, side by side.
 */
#include "exit-analyzer/judge/machines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "exit-analyzer/result/fact_rules.h"

/* longer than any fact that the tools write; files may be hostile */
#define VALUE_BYTES 4096

/* The weight of the difference between two values, either of them NULL. */
static enum fact_weight difference_weight(const char *name, bool machine,
					  const char *a, const char *b)
{
	enum fact_weight weight = fact_weight(name, machine);
	char part_a[VALUE_BYTES], part_b[VALUE_BYTES];

	if (a && b && !strcmp(a, b))
		return FACT_IGNORED;
	if (weight != FACT_DECIDES || !a || !b)
		return weight;
	fact_decisive(name, a, part_a, sizeof(part_a));
	fact_decisive(name, b, part_b, sizeof(part_b));
	return strcmp(part_a, part_b) ? FACT_DECIDES : FACT_NOTED;
}

struct comparing {
	FILE *decides, *noted;
	bool machine;		/* else the facts that are only recorded */
};

static void fact_compare(const struct comparing *c, const char *name,
			 const char *a, const char *b)
{
	enum fact_weight weight = difference_weight(name, c->machine, a, b);
	FILE *to = weight == FACT_DECIDES ? c->decides : c->noted;

	if (weight != FACT_IGNORED)
		fprintf(to, "  %s: '%s' against '%s'\n", name,
			a ? a : "nothing", b ? b : "nothing");
}

static void facts_compare(const struct comparing *c,
			  const struct result_facts *a,
			  const struct result_facts *b)
{
	for (size_t i = 0; i < a->count; i++)
		fact_compare(c, a->fact[i].name, a->fact[i].value,
			     result_fact(b, a->fact[i].name));
	for (size_t i = 0; i < b->count; i++)
		if (!result_fact(a, b->fact[i].name))
			fact_compare(c, b->fact[i].name, NULL,
				     b->fact[i].value);
}

/* Closes a stream in memory; an empty text becomes NULL. */
static int text_close(FILE *to, char **text)
{
	if (!to || fclose(to))
		return -ENOMEM;
	if (!**text) {
		free(*text);
		*text = NULL;
	}
	return 0;
}

int machines_compare(struct machines_difference *d, const struct result *a,
		     const struct result *b)
{
	size_t decides_bytes, noted_bytes;
	struct comparing c;
	int err;

	*d = (struct machines_difference){ 0 };
	c = (struct comparing){
		.decides = open_memstream(&d->decides, &decides_bytes),
		.noted = open_memstream(&d->noted, &noted_bytes),
		.machine = true,
	};
	if (c.decides && c.noted) {
		facts_compare(&c, &a->machine, &b->machine);
		c.machine = false;
		facts_compare(&c, &a->recorded, &b->recorded);
	}
	err = text_close(c.decides, &d->decides);
	return text_close(c.noted, &d->noted) || err ? -ENOMEM : 0;
}

void machines_release(struct machines_difference *d)
{
	free(d->decides);
	free(d->noted);
	*d = (struct machines_difference){ 0 };
}
