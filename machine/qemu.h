/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes the command line of the QEMU that will be a machine. It runs in the
 * machine's directory, where `core.elf`, `kernel` and `initrd` are symbolic
 * links: names with spaces or commas in them never get here.
 */
#ifndef MACHINE_QEMU_H
#define MACHINE_QEMU_H

#include "machine/args.h"
#include "machine/config.h"
#include "machine/guest_image.h"
#include "machine/message.h"

/* Fills in defaults, rounds sizes, refuses impossible values. */
int qemu_config_complete(struct machine_config *c, struct message *msg);
/* RAM that a completed config and its files need, in one piece. */
uint64_t qemu_ram_needs(const struct machine_config *c,
			const struct guest_files *files);
/* Does this host nest machines on KVM, for a core that knows SVM? */
bool qemu_kvm_usable(void);
/* The command line of a completed config, to run in the directory dir_path;
 * a->failed: out of memory. */
void qemu_args(struct args *a, const struct machine_config *c,
	       const char *dir_path, uint64_t ram_bytes, bool kvm);

#define QEMU_BARE_DEVICE "virtio-rng-pci"

/* The command line of a guest alone, without the core. Takes kernel, append,
 * guest_bytes, cpus, deterministic, qemu and cpu_model as they are. The console
 * goes to the file console_path. */
void qemu_bare_args(struct args *a, const struct machine_config *c,
		    const char *console_path, bool kvm);

#endif
