/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file that can be read at any place, whatever was named: what comes
 * through a pipe is copied into a temporary file first.
 */
#ifndef TRACER_FILE_SEEKABLE_H
#define TRACER_FILE_SEEKABLE_H

/*
 * "-" is standard input, from where it stands. Returns a descriptor, which the
 * caller closes; or a negative errno, and *why (static text, or strerror()'s)
 * says what is wrong.
 */
int seekable_open(const char *path, const char **why);

#endif
