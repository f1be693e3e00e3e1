/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A plugin of QEMU's that follows a deterministic machine, instruction by
 * instruction: a shared object of its own, loaded by QEMU and by nobody else.
 *
 * An address alone does not say whose an instruction is. But the core runs
 * where it was loaded, its addresses one to one, so for all of its code the
 * place in QEMU's memory is equally far from the address. The guest's code is
 * elsewhere. The core starts first, and shows how far that is.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/qemu_plugin.h"
#include "machine/steps.h"

/* 8 bytes each: 512 MiB. The suite leaves a twentieth. */
#define RUNS_MAX (64u << 20)
#define VERSION_OLD 1
#define VERSION_SINCE_9 2

int qemu_plugin_version = VERSION_OLD;

static struct {
	struct step_range *range;
	size_t ranges;
	bool core_seen;
	uint64_t core_distance;
	FILE *output;
	struct step_run now;
	size_t runs;
} steps;

/* Before QEMU looks at the version; what we use is the same in all. */
static __attribute__((constructor)) void version_choose(void)
{
	if (qemu_plugin_get_registers)
		qemu_plugin_version = VERSION_SINCE_9;
}

static const struct step_range *range_find(uint64_t address, uint32_t guest)
{
	size_t low = 0, high = steps.ranges;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct step_range *r = &steps.range[middle];

		if (r->guest > guest || (r->guest == guest &&
					 r->start > address))
			high = middle;
		else if (r->guest < guest || r->end <= address)
			low = middle + 1;
		else
			return r;
	}
	return NULL;
}

static uint32_t insn_id(const struct qemu_plugin_insn *insn)
{
	uint64_t address = qemu_plugin_insn_vaddr(insn);
	uint64_t distance = (uintptr_t)qemu_plugin_insn_haddr(insn) - address;
	const struct step_range *core = range_find(address, 0), *r;

	if (core && !steps.core_seen) {
		steps.core_seen = true;
		steps.core_distance = distance;
	}
	if (!steps.core_seen)
		return STEPS_OTHER;
	r = distance == steps.core_distance ? core : range_find(address, 1);
	return r ? r->id : STEPS_OTHER;
}

static void run_write(const struct step_run *run)
{
	struct step_run cut = { .id = STEPS_CUT };

	if (steps.runs > RUNS_MAX)
		return;
	if (++steps.runs > RUNS_MAX)
		run = &cut;
	/* what does not fit on the disk shows when the file is closed */
	fwrite(run, sizeof(*run), 1, steps.output);
}

static void executed(unsigned int vcpu, void *id_arg)
{
	uint32_t id = (uint32_t)(uintptr_t)id_arg;

	(void)vcpu;
	if (steps.now.id == id && steps.now.count < UINT32_MAX) {
		steps.now.count++;
		return;
	}
	if (steps.now.count)
		run_write(&steps.now);
	steps.now = (struct step_run){ .id = id, .count = 1 };
}

static void translated(uint64_t plugin, struct qemu_plugin_tb *tb)
{
	size_t count = qemu_plugin_tb_n_insns(tb);

	(void)plugin;
	for (size_t i = 0; i < count; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uintptr_t id = insn_id(insn);

		qemu_plugin_register_vcpu_insn_exec_cb(insn, executed, 0,
						       (void *)id);
	}
}

/* Half a file would be worse than none. */
static void ended(uint64_t plugin, void *output_path)
{
	bool bad;

	(void)plugin;
	if (steps.now.count)
		run_write(&steps.now);
	bad = ferror(steps.output);
	if (fclose(steps.output) || bad)
		remove(output_path);
}

static int ranges_read(const char *path)
{
	FILE *f = fopen(path, "re");
	size_t room = 0;

	while (f) {
		if (steps.ranges == room) {
			room = room ? 2 * room : 1024;
			steps.range = reallocarray(steps.range, room,
						   sizeof(*steps.range));
			if (!steps.range)
				break;
		}
		if (!fread(&steps.range[steps.ranges], sizeof(*steps.range), 1,
			   f))
			break;
		steps.ranges++;
	}
	if (f)
		fclose(f);
	return steps.ranges && steps.range ? 0 : -1;
}

static const char *argument(int argc, char **argv, const char *name)
{
	size_t length = strlen(name);

	for (int i = 0; i < argc; i++)
		if (!strncmp(argv[i], name, length) && argv[i][length] == '=')
			return argv[i] + length + 1;
	return NULL;
}

int qemu_plugin_install(uint64_t plugin, const void *info, int argc,
			char **argv)
{
	const char *ranges = argument(argc, argv, "ranges");
	const char *output = argument(argc, argv, "output");
	char *output_path = output ? strdup(output) : NULL;

	(void)info;
	if (!ranges || !output_path || ranges_read(ranges)) {
		fprintf(stderr, "steps: no ranges, or nowhere to write\n");
		return -1;
	}
	steps.output = fopen(output_path, "we");
	if (!steps.output) {
		fprintf(stderr, "steps: cannot write %s: %m\n", output_path);
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(plugin, translated);
	qemu_plugin_register_atexit_cb(plugin, ended, output_path);
	return 0;
}
