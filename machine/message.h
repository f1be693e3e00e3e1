/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sentence that says what went wrong, kept until the next one. Every
 * file of this room reports into the one of its machine.
 */
#ifndef MACHINE_MESSAGE_H
#define MACHINE_MESSAGE_H

struct message {
	char text[4096];
};

/* Sets the text, cut to fit; returns err, so that callers can return it. */
int message_set(struct message *msg, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
