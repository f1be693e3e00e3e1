/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The part that we use of the interface between QEMU and its plugins, which
 * Debian packages no header for. "QEMU TCG Plugins" in QEMU's manual describes
 * it.
 */
#ifndef MACHINE_QEMU_PLUGIN_H
#define MACHINE_QEMU_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

struct qemu_plugin_tb;
struct qemu_plugin_insn;

#define PLUGIN_EXPORT __attribute__((visibility("default")))

/* The plugin has these. QEMU looks at the version, then calls install, which
 * returns 0 unless it failed; info is about the emulated machine. */
PLUGIN_EXPORT extern int qemu_plugin_version;
PLUGIN_EXPORT int qemu_plugin_install(uint64_t plugin, const void *info,
				      int argc, char **argv);

/* Called when code is translated, and when QEMU ends. */
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t plugin,
	void (*translated)(uint64_t plugin, struct qemu_plugin_tb *tb));
void qemu_plugin_register_atexit_cb(uint64_t plugin,
	void (*ended)(uint64_t plugin, void *arg), void *arg);

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb,
						 size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
/* Where its bytes are in QEMU's memory; NULL: in no RAM. */
void *qemu_plugin_insn_haddr(const struct qemu_plugin_insn *insn);
/* Called before each execution. registers: 0 if the callback asks for none. */
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
	void (*executed)(unsigned int vcpu, void *arg), int registers,
	void *arg);

/* Since QEMU 9.0; never called, but it tells that one from older ones. */
int qemu_plugin_get_registers(void) __attribute__((weak));

#endif
