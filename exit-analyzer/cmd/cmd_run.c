/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-analyzer run: what do exits cost? Of exit-bench, or of a guest of the
 * user's own; of one core, or of two in turns.
 */
#include "exit-analyzer/cmd/cmd.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/interrupt.h"
#include "command/machine_options.h"
#include "command/value.h"
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
	bool quiet, rounds_given, no_functions;
};

enum {
	KEY_BARE = 0x100,
	KEY_KERNEL,
	KEY_AGAINST,
	KEY_AGAINST_OUTPUT,
	KEY_ROUNDS,
	KEY_ROWS,
	KEY_TIMEOUT,
	KEY_NO_FUNCTIONS,
};

static const struct argp_option argp_options[] = {
	{ NULL, 0, NULL, 0, "What to measure:", 1 },
	{ "kernel", KEY_KERNEL, "FILE", 0,
	  "a guest of your own, instead of exit-bench: its exits by reason "
	  "and by function, from the trace", 1 },
	{ "bare", KEY_BARE, "ACCEL", 0,
	  "exit-bench on QEMU without the core: kvm, this host's, or tcg, the "
	  "emulator", 1 },
	{ "initrd", MACHINE_KEY_INITRD, "FILE", 0, "the guest's initramfs", 1 },
	{ "append", MACHINE_KEY_APPEND, "TEXT", 0,
	  "the guest's command line", 1 },
	{ "against", KEY_AGAINST, "CORE", 0,
	  "run this core, too, in turns, and judge the other by it", 1 },
	{ "rows", KEY_ROWS, "ROW,...", 0,
	  "these rows of exit-bench only", 1 },
	{ "rounds", KEY_ROUNDS, "N", 0,
	  "boots (1 if deterministic, else 24)", 1 },
	{ "no-functions", KEY_NO_FUNCTIONS, NULL, 0,
	  "do not find out in which functions instructions went", 1 },
	{ NULL, 0, NULL, 0, "The machine:", 2 },
	{ "deterministic", MACHINE_KEY_DETERMINISTIC, NULL, 0,
	  "count instructions as time: costs are exact", 2 },
	{ "core", MACHINE_KEY_CORE, "FILE", 0, "the core to run", 2 },
	{ "core-options", MACHINE_KEY_CORE_OPTIONS, "TEXT", 0,
	  "more options for the core", 2 },
	{ "cpu-model", MACHINE_KEY_CPU_MODEL, "MODEL", 0,
	  "QEMU's CPU model", 2 },
	{ "mem", MACHINE_KEY_MEM, "SIZE", 0,
	  "RAM of your own guest (256M)", 2 },
	{ "ring", MACHINE_KEY_RING, "SIZE", 0,
	  "ring for your own guest (64M)", 2 },
	{ "timeout", KEY_TIMEOUT, "SECONDS", 0,
	  "give a round up after so long (300)", 2 },
	{ NULL, 0, NULL, 0, "Output:", 3 },
	{ "output", 'o', "FILE", 0,
	  "the result (" OUTPUT_DEFAULT "); - is stdout", 3 },
	{ "against-output", KEY_AGAINST_OUTPUT, "FILE", 0,
	  "the other core's result", 3 },
	{ "quiet", 'q', NULL, 0, "say nothing but errors", 3 },
	{ 0 }
};

static error_t parse_bare(struct argp_state *state, const char *arg,
			  struct run_options *run)
{
	run->bare = true;
	run->bare_kvm = !strcmp(arg, "kvm");
	if (run->bare_kvm || !strcmp(arg, "tcg"))
		return 0;
	argp_error(state, "--bare: '%s' is neither kvm nor tcg", arg);
	return EINVAL;
}

static error_t parse_machine(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	struct run_options *run = &o->rounds.run;

	switch (key) {
	case KEY_BARE:
		return parse_bare(state, arg, run);
	case KEY_KERNEL:
		run->machine.kernel = arg;
		run->own_guest = true;
		return 0;
	default:
		return machine_option_parse(key, arg, state, &run->machine);
	}
}

/* What of the options does not go together; NULL: all does. */
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

static error_t parse_end(struct argp_state *state)
{
	struct options *o = state->input;
	const struct machine_config *m = &o->rounds.run.machine;
	const char *why;

	if (!o->rounds_given)
		o->rounds.count = m->deterministic ? 1 : ROUNDS_DEFAULT;
	o->rounds.run.functions = m->deterministic && !o->no_functions;
	why = conflict(o);
	if (why)
		argp_error(state, "%s", why);
	return why ? EINVAL : 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'o':
		o->output = arg;
		return 0;
	case 'q':
		o->quiet = true;
		return 0;
	case KEY_AGAINST:
		o->rounds.against = arg;
		return 0;
	case KEY_AGAINST_OUTPUT:
		o->against_output = arg;
		return 0;
	case KEY_ROWS:
		o->rows = arg;
		return 0;
	case KEY_ROUNDS:
		o->rounds_given = true;
		return value_count(state, "rounds", arg, 100,
				   &o->rounds.count);
	case KEY_NO_FUNCTIONS:
		o->no_functions = true;
		return 0;
	case KEY_TIMEOUT:
		return value_count(state, "timeout", arg, 86400,
				   &o->rounds.run.timeout_s);
	case ARGP_KEY_ARG:
		argp_error(state, "'%s' is not an option; options begin with "
			   "--", arg);
		return EINVAL;
	case ARGP_KEY_END:
		return parse_end(state);
	default:
		return parse_machine(key, arg, state);
	}
}

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
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.doc = "Measures what every kind of VM exit costs, or where a "
		       "guest of your own spends its exits, and stores the "
		       "result.",
	};
	struct options o = {
		.output = OUTPUT_DEFAULT,
		.rounds.run.timeout_s = TIMEOUT_DEFAULT_S,
	};
	char suite[PATH_MAX], rows[ROWS_BYTES_MAX + 8];

	if (cmd_parse(&argp, argc, argv, &o))
		return CMD_USAGE;
	if (!o.rounds.run.own_guest) {
		if (installed_find(suite, sizeof(suite), SUITE_IMAGE)) {
			cmd_error(SUITE_IMAGE " is not where it belongs, "
				  "beside bin/ or in lib/vmprof; build it");
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
