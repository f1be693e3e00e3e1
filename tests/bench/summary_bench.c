/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How fast a trace is summed up: events per second of one core, by reason and
 * by reason and symbol. Prints each figure with its limit; 1 if one missed it.
 */
#include "exit-analyzer/stats/summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/random.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define EVENTS		(1u << 20)
#define ROUNDS		8
#define FUNCTIONS	100000
#define FUNCTION_BYTES	96
#define TEXT		UINT64_C(0xffffffff81000000)

/* As big as a distribution kernel's. */
static struct symtab *symtab_make(void)
{
	char *text = malloc(FUNCTIONS * 64ull);
	struct symtab *symtab;
	size_t bytes = 0;

	if (!text)
		return NULL;
	for (uint64_t i = 0; i < FUNCTIONS; i++)
		bytes += sprintf(text + bytes, "%016" PRIx64
				 " T kernel_function_%" PRIu64 "\n",
				 TEXT + i * FUNCTION_BYTES, i);
	symtab = symtab_from_kallsyms(text, bytes, NULL);
	free(text);
	return symtab;
}

/* Places in some functions exit, for a dozen reasons; costs have a tail. */
static void events_make(struct event_vmexit *events, unsigned int sites,
			unsigned int functions)
{
	for (unsigned int i = 0; i < EVENTS; i++) {
		uint64_t site = random_next() % sites;
		uint64_t function = site % functions * 7919 % FUNCTIONS;

		events[i] = (struct event_vmexit){
			.h = { .tsc = i * 2000ull, .id = EVENT_VMEXIT,
			       .slots = 1 },
			.reason = EXIT_CPUID + site % functions % 12,
			.rip = TEXT + function * FUNCTION_BYTES +
			       site / functions,
			.handle_cycles = 800 + random_next() % 700 +
					 (random_next() % 50 ? 0 :
					  random_next() % 200000),
		};
	}
}

static double seconds_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* Events per second, the rows' sorting included. */
static double measure(const struct event_vmexit *events, size_t keys,
		      struct guest *guests)
{
	static const enum key key[] = {
		BY_REASON, BY_SYM,
	};
	struct key_context context = { .guests = guests };
	double start = seconds_now();
	struct summary_rows rows;
	struct summary *s;

	if (key_context_init(&context))
		abort();
	s = summary_new(key, keys, &context);
	if (!s)
		abort();
	for (unsigned int round = 0; round < ROUNDS; round++)
		for (unsigned int i = 0; i < EVENTS; i++)
			if (summary_add(s, &events[i].h, 0))
				abort();
	if (summary_exits(s, &rows) ||
	    summary_total(s).count != (uint64_t)ROUNDS * EVENTS)
		abort();
	start = seconds_now() - start;
	summary_free(s);
	key_context_exit(&context);
	return (double)ROUNDS * EVENTS / start;
}

struct figure {
	const char *name;
	size_t keys;
	unsigned int sites, functions;
	double limit;		/* 0: for information */
};

static const struct figure figures[] = {
	{ "by reason", 1, 2000, 400, 10e6 },
	{ "by reason,sym: 400 rows", 2, 2000, 400, 5e6 },
	{ "by reason,sym: 2000 rows", 2, 2000, 2000, 0 },
	{ "by reason,sym: 100000 rows", 2, 100000, 100000, 0 },
};

int main(void)
{
	struct event_vmexit *events = calloc(EVENTS, sizeof(*events));
	struct guest guests[ANCHOR_VMS_MAX] = { 0 };
	int status = 0;

	guest_use_symbols(&guests[0], symtab_make());
	if (!events || !guests[0].symtab)
		return 1;
	for (size_t i = 0; i < ARRAY_SIZE(figures); i++) {
		const struct figure *f = &figures[i];
		double rate;

		events_make(events, f->sites, f->functions);
		rate = measure(events, f->keys, guests);
		printf("summary %-28s %6.1f M events/s", f->name, rate / 1e6);
		if (f->limit)
			printf("  (at least %.0f)", f->limit / 1e6);
		putchar('\n');
		if (rate < f->limit)
			status = 1;
	}
	guest_exit(&guests[0]);
	free(events);
	return status;
}
