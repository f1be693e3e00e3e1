/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many intervals are kept.
 */
#ifndef VMTOP_WATCH_PAST_H
#define VMTOP_WATCH_PAST_H

#define WATCH_PAST	60

#endif
