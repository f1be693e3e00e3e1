/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From what is asked of a machine to the command line of the QEMU that is
 * it. Runs in the machine's directory, where `core.elf`, `kernel` and
 * `initrd` are symbolic links: names with spaces or commas in them never get here.
 */
#ifndef MACHINE_QEMU_H
#define MACHINE_QEMU_H

#include "machine/args.h"
#include "machine/config.h"
#include "machine/guest_image.h"
#include "machine/message.h"

/* Fills in defaults, rounds sizes, refuses what cannot be. */
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

/* A guest alone, without the core. Of c: kernel, append, guest_bytes, cpus, deterministic, qemu, cpu_model, as
 * they are. The console is written to the file console_path. */
void qemu_bare_args(struct args *a, const struct machine_config *c,
		    const char *console_path, bool kvm);

#endif
