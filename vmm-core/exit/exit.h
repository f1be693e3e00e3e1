/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way in: a backend calls it with every exit that it has decoded.
 */
#ifndef VMM_CORE_EXIT_EXIT_H
#define VMM_CORE_EXIT_EXIT_H

#include "vmm-core/trace/exit_info.h"

struct vcpu;

/* Dispatches to the family that handles the reason. */
void exit_handle(struct vcpu *vcpu, struct exit_info *exit);

#endif
