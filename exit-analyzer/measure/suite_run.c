/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run on a machine, from its start to a result.
 */
#include "exit-analyzer/measure/suite_run.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "command/clock.h"
#include "exit-analyzer/measure/bare_run.h"
#include "exit-analyzer/measure/exit_functions.h"
#include "exit-analyzer/measure/guest_trace.h"
#include "exit-analyzer/measure/machine_facts.h"
#include "exit-analyzer/measure/suite_functions.h"
#include "exit-analyzer/measure/suite_output.h"
#include "machine/core_image.h"
#include "tracer/event/event_names.h"

#define POLL_NS		2000000
#define CONSOLE_BYTES_MAX (16 << 20)
/* exit-bench needs little; its exits are counted by itself */
#define SUITE_RING_BYTES (1 << 20)
#define SUITE_GUEST_BYTES (64 << 20)

struct run {
	const struct run_options *o;
	struct machine *machine;
	struct guest_trace *trace;	/* own guests only */
	struct functions *functions;	/* NULL: not wanted, or not possible */
	struct steps steps;
	int console_fd;
	char *why;
};

static int trace_drain(struct run *run)
{
	int err = run->trace ? guest_trace_drain(run->trace) : 0;

	if (err)
		snprintf(run->why, RUN_WHY_BYTES, "cannot read the machine's "
			 "rings: %s", guest_trace_error(run->trace));
	return err;
}

/* Until the guest has stopped. */
static int run_wait(struct run *run)
{
	const struct timespec pause = { .tv_nsec = POLL_NS };
	double end = clock_now_s() + run->o->timeout_s;

	while (machine_state(run->machine) == MACHINE_RUNNING) {
		int err = trace_drain(run);

		if (err)
			return err;
		if (!machine_running(run->machine) &&
		    machine_state(run->machine) == MACHINE_RUNNING) {
			snprintf(run->why, RUN_WHY_BYTES, "%s",
				 machine_death(run->machine));
			return -EIO;
		}
		if (clock_now_s() > end) {
			snprintf(run->why, RUN_WHY_BYTES, "the guest did not "
				 "end within %u seconds (--timeout)",
				 run->o->timeout_s);
			return -ETIMEDOUT;
		}
		if (nanosleep(&pause, NULL)) {
			snprintf(run->why, RUN_WHY_BYTES, "interrupted");
			return -EINTR;
		}
	}
	if (machine_state(run->machine) == MACHINE_STOPPED)
		return trace_drain(run);
	snprintf(run->why, RUN_WHY_BYTES, "the core failed: %s",
		 machine_death(run->machine));
	return -EIO;
}

/* How a guest ended is for its user to judge; exit-bench does not halt. */
static int guest_end_note(struct run *run, struct result *r,
			  unsigned int state)
{
	if (run->o->own_guest)
		return result_fact_set(&r->recorded, "guest_end", "%s",
				       event_vm_state_name(state));
	if (state != VM_STATE_HALTED)
		return 0;
	snprintf(run->why, RUN_WHY_BYTES, "the guest halted with interrupts "
		 "off before it was done");
	return -EIO;
}

/* A guest may crash itself: the machine ends well all the same. */
static int guest_check(struct run *run, struct result *r)
{
	const struct anchor *a = machine_anchor(run->machine);
	char *log;

	if (a->vm[0].state != VM_STATE_CRASHED)
		return guest_end_note(run, r, a->vm[0].state);
	log = machine_core_log(run->machine);
	snprintf(run->why, RUN_WHY_BYTES, "the guest crashed; the core's log "
		 "ends:\n%.7000s", log ? log : "(empty)");
	free(log);
	return -EIO;
}

/* NUL-terminated; caller frees. */
static char *console_text(int fd)
{
	off_t bytes = lseek(fd, 0, SEEK_END);
	char *text;
	ssize_t n;

	if (bytes < 0 || bytes > CONSOLE_BYTES_MAX)
		return NULL;
	text = malloc((size_t)bytes + 1);
	n = text ? pread(fd, text, (size_t)bytes, 0) : -1;
	if (n >= 0) {
		text[n] = '\0';
		return text;
	}
	free(text);
	return NULL;
}

/* Rows from the console, which is complete once the machine is closed. An
 * earlier error says more than that the suite then did not end. */
static int console_read(struct run *run, struct result *r, int err)
{
	char why[RUN_WHY_BYTES];
	char *text = console_text(run->console_fd);
	int bad;

	if (!text) {
		snprintf(run->why, RUN_WHY_BYTES, "cannot read the guest's "
			 "console, or it has more than %d MiB", CONSOLE_BYTES_MAX >> 20);
		return err ? err : -EFBIG;
	}
	bad = suite_output_parse(r, text, why, sizeof(why));
	free(text);
	if (err || !bad)
		return err;
	memcpy(run->why, why, sizeof(why));
	return bad;
}

/* A machine that cannot be followed is measured all the same, and the result
 * says why it has no functions. */
static int functions_begin(struct run *run, struct result *r,
			   struct machine_config *config)
{
	const char *impossible = steps_impossible();
	char core[PATH_MAX], why[PATH_MAX + 64];
	struct message msg;

	if (impossible)
		return result_fact_set(&r->recorded, RUN_NO_FUNCTIONS, "%s",
				       impossible);
	if (core_image_find(core, sizeof(core), config->core, &msg))
		return 0;	/* the machine will say that */
	run->functions = functions_open(core, run->o->own_guest ? NULL :
					config->kernel, why, sizeof(why));
	if (!run->functions)
		return result_fact_set(&r->recorded, RUN_NO_FUNCTIONS, "%s",
				       why);
	config->step_range = functions_ranges(run->functions,
					      &config->step_ranges);
	return 0;
}

/* The machine has stopped, and the rows are there. */
static int functions_end(struct run *run, struct result *r)
{
	const uint16_t *reason;
	size_t exits;
	int err;

	if (!run->functions)
		return 0;
	if (run->trace) {
		reason = guest_trace_reasons(run->trace, &exits);
		err = exit_functions_tell(run->functions, &run->steps, reason,
					  exits, r);
	} else {
		err = suite_functions_tell(run->functions, &run->steps, r);
	}
	if (err == -ENOMEM || !err)
		return err;
	return result_fact_set(&r->recorded, RUN_NO_FUNCTIONS, "%s",
			       err == -EFBIG ? "the machine ran for too long" :
					       "the machine's steps are not "
					       "those of this run");
}

static int run_begin(struct run *run, struct result *r)
{
	struct machine_config config = run->o->machine;
	int err = 0;

	config.console_fd = run->console_fd;
	if (!run->o->own_guest) {
		config.ring_bytes = SUITE_RING_BYTES;
		config.guest_bytes = SUITE_GUEST_BYTES;
	}
	if (run->o->functions)
		err = functions_begin(run, r, &config);
	if (err)
		return err;
	err = machine_start(run->machine, &config);
	if (err) {
		snprintf(run->why, RUN_WHY_BYTES, "%s%s",
			 machine_error(run->machine), err == -ELIBACC ?
			 "\n--no-functions runs without that plugin" : "");
		return err;
	}
	if (!run->o->own_guest)
		return 0;
	run->trace = guest_trace_open(run->machine, run->functions);
	if (!run->trace)
		snprintf(run->why, RUN_WHY_BYTES, "cannot read the machine's "
			 "rings: %m");
	return run->trace ? 0 : -EIO;
}

static int run_make(struct run *run, struct result *r)
{
	int err = run_begin(run, r);

	if (err)
		return err;
	err = run_wait(run);
	if (!err)
		err = guest_check(run, r);
	if (machine_facts_add(r, run->machine, run->o))
		err = err ? err : -ENOMEM;
	if (run->trace && guest_trace_rows(run->trace, run->machine, r)) {
		snprintf(run->why, RUN_WHY_BYTES, "%s",
			 guest_trace_error(run->trace));
		err = err ? err : -EIO;
	}
	machine_stop(run->machine);
	if (run->functions && machine_steps(run->machine, &run->steps))
		run->steps = (struct steps){ 0 };
	/* exit-bench's rows are not there yet */
	if (run->trace && functions_end(run, r))
		err = err ? err : -ENOMEM;
	return err;
}

static int run_make_bare(struct run *run, struct result *r)
{
	int err = bare_run(run->o, run->console_fd, run->why);

	if (machine_facts_add(r, NULL, run->o))
		err = err ? err : -ENOMEM;
	return err;
}

int suite_run(struct result *r, const struct run_options *options,
	      char why[RUN_WHY_BYTES])
{
	struct run run = { .o = options, .why = why };
	int err = -ENOMEM;

	snprintf(why, RUN_WHY_BYTES, "out of memory");
	run.console_fd = memfd_create("console", MFD_CLOEXEC);
	run.machine = machine_new();
	if (run.console_fd < 0 || !run.machine)
		goto out_close;
	err = options->bare ? run_make_bare(&run, r) : run_make(&run, r);
out_close:
	guest_trace_close(run.trace);
	machine_close(run.machine);
	if (run.machine && run.console_fd >= 0 && !options->own_guest)
		err = console_read(&run, r, err);
	if (!options->own_guest && functions_end(&run, r) && !err) {
		snprintf(why, RUN_WHY_BYTES, "out of memory");
		err = -ENOMEM;
	}
	functions_free(run.functions);
	steps_unmap(&run.steps);
	if (run.console_fd >= 0)
		close(run.console_fd);
	if (err) {
		free(r->failure);
		r->failure = strdup(why);
	}
	return err;
}
