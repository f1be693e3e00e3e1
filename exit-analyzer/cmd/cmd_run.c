/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-analyzer run: measures what exits cost, of exit-bench or of a guest of
 * the user's own, on one core or on two in turns.
 */
#include "exit-analyzer/cmd/cmd.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/interrupt.h"
#include "command/options.h"
#include "exit-analyzer/cmd/verdict_status.h"
#include "exit-analyzer/format/formats.h"
#include "exit-analyzer/judge/judgement.h"
#include "exit-analyzer/measure/rounds.h"
#include "machine/installed.h"

#define SUITE_IMAGE "exit-bench.elf"
#define OUTPUT_DEFAULT "exit-analyzer.json"
#define ROUNDS_DEFAULT 24
#define TIMEOUT_DEFAULT_S 300
#define ROW_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-"
#define ROWS_BYTES_MAX 1024
/* Each of two independent tries may err this often: together 1 in 10,000. */
#define ALPHA_RETRIED 0.01

struct options {
	struct rounds rounds;
	const char *output, *against_output;
	const char *rows;	/* of exit-bench, by commas; NULL: all */
	bool quiet, no_functions;
};

static error_t take_bare(const struct option_row *row, const char *arg,
			 void *to, const struct argp_state *state)
{
	struct run_options *run = to;

	run->bare = true;
	run->bare_kvm = !strcmp(arg, "kvm");
	if (run->bare_kvm || !strcmp(arg, "tcg"))
		return 0;
	argp_error(state, "--%s: '%s' is neither kvm nor tcg", row->name, arg);
	return EINVAL;
}

static const char *accelerator_at(size_t i)
{
	static const char *const names[] = { "kvm", "tcg", NULL };

	return names[i];
}

#define AT(field) .offset = offsetof(struct options, field)
#define AT_MACHINE(field) AT(rounds.run.machine.field)

static const struct option_row option_rows[] = {
	{ .heading = "The guest to measure:",
	  .name = "kernel", .argument = "FILE",
	  .help = "a guest of your own, instead of exit-bench: its exits by "
		  "reason and by function, from the trace",
	  .take = option_text, AT_MACHINE(kernel), .offer = OFFER_FILES },
	{ .name = "bare", .argument = "ACCEL",
	  .help = "exit-bench on QEMU without the core, on this host's KVM or "
		  "in the emulator",
	  .take = take_bare, AT(rounds.run), .offer = OFFER_VALUES,
	  .value_at = accelerator_at },
	{ .name = "initrd", .argument = "FILE",
	  .help = "the guest's initramfs",
	  .take = option_text, AT_MACHINE(initrd), .offer = OFFER_FILES },
	{ .name = "append", .argument = "TEXT",
	  .help = "the guest's command line",
	  .take = option_text, AT_MACHINE(append) },
	{ .name = "against", .argument = "CORE",
	  .help = "run this core, too, in turns, and judge the other by it",
	  .take = option_text, AT(rounds.against), .offer = OFFER_FILES },
	{ .name = "rows", .argument = "ROW,...",
	  .help = "these rows of exit-bench only",
	  .take = option_text, AT(rows) },
	{ .name = "rounds", .argument = "N",
	  .help = "boots (1 if deterministic, else 24)",
	  .take = option_count, AT(rounds.count), .max = 100 },
	{ .name = "no-functions",
	  .help = "do not find out in which functions instructions went",
	  .take = option_flag, AT(no_functions) },
	{ .heading = "The machine:",
	  .name = "deterministic",
	  .help = "count instructions as time: costs are exact",
	  .take = option_flag, AT_MACHINE(deterministic) },
	{ .name = "core", .argument = "FILE", .help = "the core to run",
	  .take = option_text, AT_MACHINE(core), .offer = OFFER_FILES },
	{ .name = "core-options", .argument = "TEXT",
	  .help = "more options for the core",
	  .take = option_text, AT_MACHINE(core_options) },
	{ .name = "cpu-model", .argument = "MODEL",
	  .help = "QEMU's CPU model",
	  .take = option_text, AT_MACHINE(cpu_model) },
	{ .name = "mem", .argument = "SIZE",
	  .help = "RAM of your own guest (256M)",
	  .take = option_size, AT_MACHINE(guest_bytes) },
	{ .name = "ring", .argument = "SIZE",
	  .help = "ring for your own guest (64M)",
	  .take = option_size, AT_MACHINE(ring_bytes) },
	{ .name = "timeout", .argument = "SECONDS",
	  .help = "give a round up after so long (300)",
	  .take = option_count, AT(rounds.run.timeout_s), .max = 86400 },
	{ .heading = "Output:",
	  .name = "output", .letter = 'o', .argument = "FILE",
	  .help = "the result (" OUTPUT_DEFAULT "); - is stdout",
	  .take = option_text, AT(output), .offer = OFFER_FILES },
	{ .name = "against-output", .argument = "FILE",
	  .help = "the other core's result",
	  .take = option_text, AT(against_output), .offer = OFFER_FILES },
	{ .name = "quiet", .letter = 'q', .help = "say nothing but errors",
	  .take = option_flag, AT(quiet) },
	{ 0 }
};

/* Returns which options do not go together; NULL: all do. */
static const char *conflict(const struct options *o)
{
	const struct run_options *run = &o->rounds.run;
	const struct machine_config *m = &run->machine;

	if (!run->own_guest && (m->initrd || m->append || m->guest_bytes ||
				m->ring_bytes))
		return "--initrd, --append, --mem and --ring are for a guest "
		       "of your own: give --kernel";
	if (o->rows && (run->own_guest || strlen(o->rows) > ROWS_BYTES_MAX ||
			o->rows[strspn(o->rows, ROW_CHARACTERS ",")]))
		return "--rows takes names of exit-bench's rows, with commas "
		       "between them";
	if (run->bare && (run->own_guest || m->core || m->core_options ||
			  o->rounds.against))
		return "--bare measures exit-bench without a core: no "
		       "--kernel, --core, --core-options, --against";
	if (run->bare_kvm && m->deterministic)
		return "KVM does not count instructions: --deterministic "
		       "needs --bare tcg";
	if (o->against_output && !o->rounds.against)
		return "--against-output needs --against";
	if (o->rounds.against && !m->deterministic &&
	    o->rounds.count < VERDICT_ROUNDS_MIN)
		return "--against needs at least 12 --rounds on a machine "
		       "that is not deterministic";
	return NULL;
}
_Static_assert(VERDICT_ROUNDS_MIN == 12, "said above");

static const char *complete(void *options)
{
	struct options *o = options;
	const struct machine_config *m = &o->rounds.run.machine;

	o->rounds.run.own_guest = m->kernel;
	if (!o->rounds.count)
		o->rounds.count = m->deterministic ? 1 : ROUNDS_DEFAULT;
	o->rounds.run.functions = m->deterministic && !o->no_functions;
	return conflict(o);
}

static const struct command_syntax syntax = {
	.option = option_rows,
	.purpose = "Measures what every kind of VM exit costs, or where a "
		   "guest of your own spends its exits, and stores the "
		   "result.",
	.conflict = complete,
};

static int save(struct result *r, const char *path)
{
	int err = result_write(r, path);

	if (err)
		cmd_error("cannot write %s: %s", path, strerror(-err));
	return err ? CMD_ERROR : CMD_DONE;
}

/* Rows that failed before and fail again; the others were chance. */
static size_t failed_again(const struct verdict *before,
			   const struct verdict *again)
{
	size_t count = 0;

	for (size_t i = 0; i < before->rows; i++)
		for (size_t j = 0; j < again->rows; j++)
			count += verdict_row_failed(&before->row[i]) &&
				 verdict_row_failed(&again->row[j]) &&
				 !strcmp(before->row[i].name,
					 again->row[j].name);
	return count;
}

static int judge(const struct options *o, struct verdict *v,
		 struct result *result, struct result *against)
{
	const struct verdict_limits limits = {
		.floor_percent = -1, .floor_ticks = -1,
		.alpha = ALPHA_RETRIED,
	};
	char why[1024];

	result_sort(result);
	result_sort(against);
	if (verdict_make(v, against, result, &limits, why, sizeof(why))) {
		cmd_error("%s", why);
		return CMD_ERROR;
	}
	if (!o->quiet || v->failed)
		verdict_print_text(stdout, v, o->rounds.against);
	return verdict_status(v);
}

/* On a machine with noise, only what fails twice in a row has failed. */
static int retry(const struct options *o, const struct verdict *before)
{
	struct result result = { 0 }, against = { 0 };
	struct verdict again = { 0 };
	char why[RUN_WHY_BYTES];
	int status = CMD_ERROR;

	fprintf(stderr, "[ exit-analyzer run: measuring once more, to be "
		"sure ]\n");
	if (rounds_run(&o->rounds, &result, &against, why))
		cmd_error("%s", why);
	else
		status = judge(o, &again, &result, &against);
	if (status == CMD_REGRESSION && !failed_again(before, &again))
		status = CMD_DONE;
	if (status == CMD_DONE)
		printf("ok, no row failed twice\n");
	verdict_release(&again);
	result_release(&result);
	result_release(&against);
	return status;
}

static int compare(const struct options *o, struct result *result,
		   struct result *against)
{
	struct verdict v = { 0 };
	int status = judge(o, &v, result, against);

	if (status == CMD_REGRESSION && v.judgement->retry)
		status = retry(o, &v);
	verdict_release(&v);
	return status;
}

static void functions_note(const struct options *o, const struct result *r)
{
	const char *why = result_fact(&r->recorded, RUN_NO_FUNCTIONS);

	if (why && !o->quiet)
		fprintf(stderr, "[ exit-analyzer run: no functions: %s ]\n",
			why);
}

/* Is every row there that was asked for? */
static int rows_check(const char *rows, const struct result *r)
{
	char name[ROWS_BYTES_MAX + 1];

	while (rows && *rows) {
		size_t bytes = strspn(rows, ROW_CHARACTERS);

		snprintf(name, sizeof(name), "%.*s", (int)bytes, rows);
		if (bytes && !result_row_find(r, name)) {
			cmd_error("exit-bench has no row '%s'; a run without "
				  "--rows shows those it has", name);
			return CMD_ERROR;
		}
		rows += bytes + (rows[bytes] == ',');
	}
	return CMD_DONE;
}

/*
 * Saves what there is, also of a run that failed: it says so inside. A run
 * without a row leaves that in a file, too, where an older result would pass
 * for its own.
 */
static int result_leave(struct result *r, const char *path)
{
	if (r->rows || (r->failure && strcmp(path, "-")))
		return save(r, path);
	return CMD_DONE;
}

static int run(const struct options *o)
{
	struct result result = { 0 }, against = { 0 };
	char why[RUN_WHY_BYTES];
	int err, status = CMD_DONE;

	err = rounds_run(&o->rounds, &result, &against, why);
	if (err) {
		cmd_error("%s", why);
		status = CMD_ERROR;
	} else {
		status = rows_check(o->rows, &result);
	}
	functions_note(o, &result);
	if (result_leave(&result, o->output) ||
	    (o->against_output && result_leave(&against, o->against_output)))
		status = CMD_ERROR;
	if (status == CMD_DONE && o->rounds.against)
		status = compare(o, &result, &against);
	else if (status == CMD_DONE && !o->quiet)
		fprintf(stderr, "[ exit-analyzer run: %zu rows in %s ]\n",
			result.rows, o->output);
	result_release(&result);
	result_release(&against);
	return status;
}

int cmd_run(int argc, char **argv)
{
	struct options o = {
		.output = OUTPUT_DEFAULT,
		.rounds.run.timeout_s = TIMEOUT_DEFAULT_S,
	};
	char suite[PATH_MAX], rows[ROWS_BYTES_MAX + 8];

	if (options_take(&syntax, argc, argv, &o))
		return CMD_USAGE;
	if (!o.rounds.run.own_guest) {
		if (installed_find(suite, sizeof(suite), SUITE_IMAGE)) {
			cmd_error("cannot find " SUITE_IMAGE " beside bin/ or "
				  "in lib/vmprof; build it");
			return CMD_ERROR;
		}
		o.rounds.run.machine.kernel = suite;
	}
	if (o.rows) {
		snprintf(rows, sizeof(rows), "rows=%s", o.rows);
		o.rounds.run.machine.append = rows;
	}
	o.rounds.progress = !o.quiet && isatty(STDERR_FILENO);
	/* to end a wait, not us: the machine shall be taken down in order */
	interrupt_catch_usual();
	return run(&o);
}
