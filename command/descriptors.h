/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The standard descriptors. A parent may start a program with some of them
 * closed; the next file that it opens would then get the number, and messages
 * would end up in a trace.
 */
#ifndef COMMAND_DESCRIPTORS_H
#define COMMAND_DESCRIPTORS_H

/*
 * Fills the closed ones among 0, 1 and 2, before anything else is opened. A
 * filled one fails with EBADF as a closed one does, so a result that cannot
 * be written stays an error.
 */
void descriptors_fill(void);

#endif
