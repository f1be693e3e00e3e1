/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A machine as it is asked for, and the program that will be it.
 */
#ifndef MACHINE_CONFIG_H
#define MACHINE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QEMU_PROGRAM "qemu-system-x86_64"

struct step_range;

struct machine_config {
	const char *name;	/* NULL: the first free of m0, m1, ... */
	const char *core;	/* NULL: $VMPROF_CORE, else the one built or installed */
	const char *kernel;	/* bzImage or multiboot1 ELF; required */
	const char *initrd;	/* NULL: none */
	const char *append;	/* the guest's command line; NULL: empty */
	uint64_t guest_bytes;	/* the guest's RAM; 0: 256 MiB */
	uint64_t ring_bytes;	/* of each CPU, rounded up to a power of two; 0: 64 MiB */
	unsigned int cpus;	/* physical; 0: 1 */
	bool deterministic;	/* TSC counts instructions; one CPU only */
	uint64_t stop_after_ns;	/* machine time after which the core stops; 0: never */
	/* to follow it by, sorted as steps.h says; deterministic only. NULL: not */
	const struct step_range *step_range;
	size_t step_ranges;
	const char *core_options; /* more options for the core; NULL: none */
	int console_fd;		/* guest's console output is copied there; -1: nowhere */
	const char *qemu;	/* NULL: qemu-system-x86_64 from PATH */
	const char *cpu_model;	/* NULL: one that has what the core needs */
	/* the model goes without CMPXCHG16B, unless it names cx16 itself;
	 * machine_start() sets it for a QEMU that loses RFLAGS there */
	bool without_cx16;
};

#endif
