/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel of a VM of a running machine, found from the machine's RAM alone:
 * the anchor says where the VM's memory is and how its first vCPU translated
 * at its last exit.
 */
#ifndef TRACER_GUEST_VM_KERNEL_H
#define TRACER_GUEST_VM_KERNEL_H

#include "tracer/guest/guest_kernel.h"
#include "tracer/symbol/symtab.h"
#include "tracer/view/machine_view.h"

/*
 * As guest_kernel_open(). EAGAIN also where the machine does not show its
 * vCPUs. Valid as long as the mapping is.
 */
struct guest_kernel *vm_kernel_open(const struct machine_view *view,
				    unsigned int vm, const char **why);
/*
 * Where it has its processes. 0; -EAGAIN: no kernel is there yet, or never;
 * else as guest_kernel_processes(). Valid as long as the mapping is.
 */
int vm_kernel_processes(const struct machine_view *view, unsigned int vm,
			struct process_list *list, const char **why);
/*
 * Its functions, modules included. NULL: not there yet, or never. If list is
 * not NULL, also where its processes are; init_task is 0 if it does not say.
 */
struct symtab *vm_kernel_symtab(const struct machine_view *view,
				unsigned int vm, struct process_list *list);

#endif
