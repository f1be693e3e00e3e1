/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which QEMU it is, in its own words, and what follows from that.
 */
#ifndef MACHINE_QEMU_VERSION_H
#define MACHINE_QEMU_VERSION_H

#include <stdbool.h>
#include <stddef.h>

/* The first line of what `program --version` says; -EIO if it says nothing. */
int qemu_version_line(const char *program, char *line, size_t bytes);
/* Whether a QEMU that says this loses RFLAGS behind CMPXCHG16B: those before
 * 8.0 do. An unknown version is taken for one of these. */
bool qemu_version_loses_flags(const char *line);

#endif
