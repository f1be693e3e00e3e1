/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tells the program that started a command what happens: lines KEY=VALUE on
 * a descriptor that was named, so that nobody has to read messages that are
 * meant for people. man/vmprof-record.1 has the keys.
 */
#ifndef COMMAND_STATUS_H
#define COMMAND_STATUS_H

#include <stdarg.h>

/* From now on; cmd_error() reports there, too. */
void status_open(int fd);
/* Nothing without status_open(). A value is one line: what is not printable
 * becomes '?'. */
void status_say(const char *key, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void status_vsay(const char *key, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));

#endif
