/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Machines that run the core: starting, finding and stopping them.
 *
 * A machine lives in a private directory (mode 0700) under the runtime
 * directory: $VMPROF_RUNDIR, else $XDG_RUNTIME_DIR/vmprof, else
 * /dev/shm/vmprof-UID. Its RAM is a file there (mode 0600) that everyone
 * with the right to it maps read-only. The starter holds a lock; when it
 * dies, so does the machine, and the next machine_start() or _list() by this
 * user clears up after it. A handle belongs to one thread, and a machine to
 * the thread that started it: it ends with that thread.
 *
 * Functions return 0 or a negative errno; machine_error() says in a
 * sentence what, where and what to do.
 */
#ifndef MACHINE_MACHINE_H
#define MACHINE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "vmm-core/abi/anchor.h"
#include "machine/config.h"
#include "machine/steps.h"
#include "tracer/view/machine_view.h"

struct machine;

/* Every start, also of one that failed: caller closes. Never NULL but ENOMEM. */
struct machine *machine_new(void);
/*
 * Starts it and waits until the core runs guests. -EINTR if a signal's
 * handler ran meanwhile; -ELIBACC if it ended without having taken the plugin
 * that follows it, which other QEMUs may refuse.
 */
int machine_start(struct machine *m, const struct machine_config *config);
/* One that is already running, by name; NULL: the only one there is. */
int machine_attach(struct machine *m, const char *name);
/* Stops it if this handle started it, and leaves nothing behind. NULL is fine. */
void machine_close(struct machine *m);
const char *machine_error(const struct machine *m);

const char *machine_name(const struct machine *m);
bool machine_deterministic(const struct machine *m);
/* Returns the RAM, mapped read-only, of a machine that was started or
 * attached to; valid until close, also when the machine ended. */
const struct machine_view *machine_view(const struct machine *m);
/* Returns the anchor of a machine that was started or attached to; the core
 * goes on writing there. */
const struct anchor *machine_anchor(const struct machine *m);
/* Returns the slots of the smallest ring of its CPUs. */
uint64_t machine_ring_slots(const struct machine *m);
/* Reads the state from the anchor. */
enum machine_state machine_state(const struct machine *m);
/* Still there? false once its process has ended. */
bool machine_running(struct machine *m);
/* The process of one that we started; 0: another's. */
pid_t machine_pid(const struct machine *m);
/* Ends one that we started, and waits for that. Its RAM stays readable. */
int machine_stop(struct machine *m);
/* Maps the steps of a machine that was followed and has been stopped; they
 * outlive it. */
int machine_steps(const struct machine *m, struct steps *steps);
/* The core's log so far, or the end of a very long one: caller frees. NULL:
 * there is none. */
char *machine_core_log(const struct machine *m);
/* How its process ended, with the end of what it said: a sentence, valid
 * until close. For machines that ended unasked. */
const char *machine_death(struct machine *m);

/* Names of this user's running machines; caller frees each and the array. */
int machine_list(char ***names, size_t *count);

#endif
