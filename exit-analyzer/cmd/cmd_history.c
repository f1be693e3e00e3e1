/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-analyzer history: results over time. Adds one, lists them, or draws a
 * row's costs and says where they changed.
 */
#include "exit-analyzer/cmd/cmd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command/options.h"
#include "exit-analyzer/judge/change_point.h"
#include "exit-analyzer/result/history.h"
#include "exit-analyzer/cmd/result_load.h"

#define DATABASE_DEFAULT "exit-analyzer.db"
#define WHY_BYTES 1024
#define BAR_WIDTH 40
/* of a noisy series, what chance would do this seldom is a change */
#define CHANGE_P 0.01

struct options {
	const char *database, *label;
	const char *word[2];	/* what to do, and with what */
	int words;
};

static const struct option_row option_rows[] = {
	{ .name = "db", .argument = "FILE",
	  .help = "the database (" DATABASE_DEFAULT ")",
	  .take = option_text, .offset = offsetof(struct options, database),
	  .offer = OFFER_FILES },
	{ .name = "label", .argument = "TEXT",
	  .help = "add: what to call the run, such as a commit",
	  .take = option_text, .offset = offsetof(struct options, label) },
	{ 0 }
};

static bool words_make_sense(const struct options *o)
{
	if (o->words == 1)
		return !strcmp(o->word[0], "list");
	return o->words == 2 && (!strcmp(o->word[0], "add") ||
				 !strcmp(o->word[0], "plot"));
}

static error_t take(void *options, char *arg, const struct argp_state *state)
{
	struct options *o = options;

	(void)state;
	if (o->words == 2)
		return EINVAL;
	o->word[o->words++] = arg;
	return 0;
}

#define WANTED "give add RESULT, list, or plot ROW"

static const char *conflict(void *options)
{
	return words_make_sense(options) ? NULL : WANTED;
}

static const struct command_syntax syntax = {
	.option = option_rows,
	.arguments = "add RESULT\nlist\nplot ROW",
	.argument_offer = OFFER_FILES,
	.purpose = "Keeps results over time: adds one, lists them, or draws "
		   "what a row cost and says where that changed.",
	.take = take,
	.wanted = WANTED,
	.conflict = conflict,
};

static int add(struct history *h, const struct options *o)
{
	struct result r;
	const char *why;
	int64_t id = -EINVAL;

	if (result_load(&r, o->word[1]))
		return CMD_ERROR;
	result_sort(&r);
	why = result_fault(&r);
	if (why)
		cmd_error("cannot add %s: %s", o->word[1], why);
	else if ((id = history_add(h, &r, o->label)) < 0)
		cmd_error("%s: %s", o->database, history_error(h));
	else
		printf("run %lld\n", (long long)id);
	result_release(&r);
	return id < 0 ? CMD_ERROR : CMD_DONE;
}

static void run_show(const struct history_run *run)
{
	printf("%5lld  %-19s  %-10.10s  %-13s  %4lld rows  %s\n",
	       (long long)run->id, run->added, run->build_id,
	       run->deterministic ? "deterministic" : "noisy",
	       (long long)run->rows, run->label);
}

static int list(struct history *h, const struct options *o)
{
	if (!history_runs(h, run_show))
		return CMD_DONE;
	cmd_error("%s: %s", o->database, history_error(h));
	return CMD_ERROR;
}

static void points_draw(const struct history_series *s)
{
	uint64_t max = 1;

	for (size_t i = 0; i < s->count; i++)
		max = s->point[i].cost > max ? s->point[i].cost : max;
	for (size_t i = 0; i < s->count; i++) {
		const struct history_point *p = &s->point[i];
		int bar = (int)((double)p->cost / (double)max * BAR_WIDTH);

		printf("%5lld %12llu |%-*.*s| %s\n", (long long)p->run,
		       (unsigned long long)p->cost, BAR_WIDTH, bar,
		       "########################################", p->label);
	}
}

static int change_show(const struct history_series *s)
{
	uint64_t *value = calloc(s->count, sizeof(*value));
	struct change_point c;

	if (!value)
		return -ENOMEM;
	for (size_t i = 0; i < s->count; i++)
		value[i] = s->point[i].cost;
	c = change_point_find(value, s->count, s->deterministic);
	free(value);
	if (!c.at || c.p >= CHANGE_P)
		printf("no change found\n");
	else
		printf("changed at run %lld: %llu -> %llu (%+.2f%%)\n",
		       (long long)s->point[c.at].run,
		       (unsigned long long)c.before,
		       (unsigned long long)c.after,
		       ((double)c.after - (double)c.before) * 100 /
		       (double)(c.before ? c.before : 1));
	return 0;
}

static int plot(struct history *h, const struct options *o)
{
	struct history_series s;
	int err = history_series(h, o->word[1], &s);

	if (err == -ENOENT)
		cmd_error("cannot plot from %s: no run has a row '%s'",
			  o->database, o->word[1]);
	else if (err)
		cmd_error("%s: %s", o->database, history_error(h));
	if (err)
		return CMD_ERROR;
	points_draw(&s);
	err = change_show(&s);
	free(s.point);
	if (err)
		cmd_error("out of memory");
	return err ? CMD_ERROR : CMD_DONE;
}

int cmd_history(int argc, char **argv)
{
	struct options o = { .database = DATABASE_DEFAULT, .label = "" };
	char why[WHY_BYTES];
	struct history *h;
	int status;

	if (options_take(&syntax, argc, argv, &o))
		return CMD_USAGE;
	h = history_open(o.database, *o.word[0] == 'a', why, sizeof(why));
	if (!h) {
		cmd_error("%s", why);
		return CMD_ERROR;
	}
	status = *o.word[0] == 'a' ? add(h, &o) :
		 *o.word[0] == 'l' ? list(h, &o) : plot(h, &o);
	history_close(h);
	return status;
}
