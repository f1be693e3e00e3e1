/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A machine that is recorded while it is watched: by vmprof, in a process of
 * its own, so the view neither waits for the disk nor can spoil the trace.
 * When vmtop dies, however it dies, that process ends its trace and goes.
 */
#ifndef VMTOP_WATCH_RECORDING_H
#define VMTOP_WATCH_RECORDING_H

#include <stdbool.h>
#include <stddef.h>

#define RECORDING_TEXT_BYTES 1024

struct recording;

/*
 * Into a file of its own in the current directory. NULL: text says why not.
 */
struct recording *recording_start(const char *machine,
				  char text[RECORDING_TEXT_BYTES]);
/* Asks it to end, which takes a moment. */
void recording_stop(struct recording *r);
bool recording_running(struct recording *r);
/* After that: what became of it. true: all is well. */
bool recording_result(const struct recording *r,
		      char text[RECORDING_TEXT_BYTES]);
/* Stops it and waits until it has ended, a few seconds at most. */
void recording_end(struct recording *r);
void recording_free(struct recording *r);

const char *recording_machine(const struct recording *r);
const char *recording_file(const struct recording *r);
bool recording_stopping(const struct recording *r);
double recording_seconds(const struct recording *r);
double recording_bytes(const struct recording *r);

#endif
