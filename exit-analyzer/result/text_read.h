/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The whole of a file in memory, up to a bound: others made it.
 */
#ifndef EXIT_ANALYZER_RESULT_TEXT_READ_H
#define EXIT_ANALYZER_RESULT_TEXT_READ_H

#include <stddef.h>
#include <stdio.h>

/* With a NUL behind its bytes, caller frees; NULL and errno, EFBIG for more
 * than bytes_max. */
char *text_read(FILE *from, size_t bytes_max, size_t *bytes);

#endif
