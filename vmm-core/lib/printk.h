/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's log.
 *
 * printk() may be called on any CPU at any time; lines of two CPUs do not
 * mix. Formats: %c %s %d %u %x with l, ll, width, 0 and -; %p; %%.
 */
#ifndef VMM_CORE_LIB_PRINTK_H
#define VMM_CORE_LIB_PRINTK_H

#include <stdarg.h>

#include "vmm-core/lib/types.h"

void printk(const char *fmt, ...) __printf(1, 2);
/* Writes at most size bytes, NUL included; returns what it would have been. */
int snprintk(char *to, size_t size, const char *fmt, ...) __printf(3, 4);
int vsnprintk(char *to, size_t size, const char *fmt, va_list args);

#endif
