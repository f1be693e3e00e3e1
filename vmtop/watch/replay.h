/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The records of a trace file, those of all its CPUs in the order of time.
 */
#ifndef VMTOP_WATCH_REPLAY_H
#define VMTOP_WATCH_REPLAY_H

#include "tracer/source/source.h"

struct replay;

/* NULL and errno; *why is static text or NULL. */
struct replay *replay_open(const char *path, const char **why);
/* NULL is fine. */
void replay_close(struct replay *r);
/* 1: *ev is next and stays so until it is taken. 0: the end. Negative errno. */
int replay_peek(struct replay *r, const struct event_header **ev);
void replay_take(struct replay *r);
const char *replay_error(const struct replay *r);
/* For its machine, its symbols, and whether it was cut. */
const struct source *replay_source(const struct replay *r);

#endif
