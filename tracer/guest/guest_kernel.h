/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A Linux guest's kernel, found in its memory alone: where KASLR put it,
 * its kallsyms and its modules' symbols. No agent, no vmlinux.
 *
 * The algorithms are those that Linux's kernel/kallsyms.c and
 * scripts/kallsyms.c imply, found by shape and not by version.
 */
#ifndef TRACER_GUEST_GUEST_KERNEL_H
#define TRACER_GUEST_GUEST_KERNEL_H

#include "tracer/guest/guest_memory.h"
#include "tracer/guest/processes.h"

struct guest_kernel;

/*
 * NULL and errno: EAGAIN the guest has not set up its kernel page tables
 * yet, ENOENT no kernel image found there, ENOMEM. *why (static text) says
 * at which step.
 */
struct guest_kernel *guest_kernel_open(const struct guest_memory *m,
				       const struct guest_paging *p,
				       const char **why);
void guest_kernel_close(struct guest_kernel *k);

uint64_t guest_kernel_text(const struct guest_kernel *k); /* _text, KASLR on */
size_t guest_kernel_symbols(const struct guest_kernel *k);

/*
 * The kernel's and its modules' symbols as /proc/kallsyms prints them, in
 * its order: "%016x %c %s" and "\t[module]". Caller frees *text. 0 or
 * negative errno; modules that cannot be read are left out and counted in
 * *modules_bad (may be NULL): all of them, if the kernel has no BTF.
 */
int guest_kernel_kallsyms(struct guest_kernel *k, char **text, size_t *bytes,
			  unsigned int *modules_bad);

/*
 * Where it has its processes; *list is good without k, too. 0; -ENOENT: this
 * kernel does not say, and *why (static text) is what it lacks; -ENOMEM.
 */
int guest_kernel_processes(const struct guest_kernel *k,
			   struct process_list *list, const char **why);

#endif
