/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sentence that says what went wrong.
 */
#include "machine/message.h"

#include <stdarg.h>
#include <stdio.h>

int message_set(struct message *msg, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(msg->text, sizeof(msg->text), fmt, args);
	va_end(args);
	return err;
}
