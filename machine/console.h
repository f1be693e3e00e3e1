/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copies the guest's console from its file to a descriptor while it grows.
 *
 * By a thread of its own: a terminal that was stopped holds up neither the
 * recording nor the machine, and a deterministic machine must not notice
 * how fast anyone reads. Copied bytes are cut out of the file.
 */
#ifndef MACHINE_CONSOLE_H
#define MACHINE_CONSOLE_H

struct console;

/* NULL and errno. */
struct console *console_start(int dir_fd, int to_fd);
/* Copies what is left, then ends. NULL is fine. */
void console_stop(struct console *c);

#endif
