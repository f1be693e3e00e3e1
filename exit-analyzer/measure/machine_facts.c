/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Facts about machine, emulator and core.
 *
 * Not in the key: which core it was, and what built it. The question of a
 * comparison is what they changed.
 */
#include "exit-analyzer/measure/machine_facts.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <xxhash.h>

#include "machine/core_image.h"
#include "machine/qemu.h"
#include "machine/qemu_version.h"

#define LINE_BYTES 512

static void line_end(char *line)
{
	line[strcspn(line, "\r\n")] = '\0';
}

/* The host's speed is in every figure that is not deterministic. */
static void host_cpu(char line[LINE_BYTES])
{
	FILE *f = fopen("/proc/cpuinfo", "re");
	char *value;

	while (f && fgets(line, LINE_BYTES, f)) {
		value = strstr(line, ": ");
		if (strncmp(line, "model name", 10) || !value)
			continue;
		memmove(line, value + 2, strlen(value + 2) + 1);
		line_end(line);
		fclose(f);
		return;
	}
	if (f)
		fclose(f);
	snprintf(line, LINE_BYTES, "unknown");
}

/* Compiler and flags, as the debug information of the core's C files says. */
static void compiler_of(const char *path, char *text, size_t bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	Dwarf *dwarf = fd < 0 ? NULL : dwarf_begin(fd, DWARF_C_READ);
	Dwarf_Off at = 0, next;
	size_t header;

	snprintf(text, bytes, "unknown");
	while (dwarf && !dwarf_nextcu(dwarf, at, &next, &header, NULL, NULL,
				      NULL)) {
		Dwarf_Attribute attribute;
		Dwarf_Die die;
		const char *name = NULL;

		if (dwarf_offdie(dwarf, at + header, &die))
			name = dwarf_formstring(dwarf_attr(&die, DW_AT_producer,
							   &attribute));
		at = next;
		if (!name || !strncmp(name, "GNU AS", 6))
			continue;
		snprintf(text, bytes, "%s", name);
		break;
	}
	dwarf_end(dwarf);
	if (fd >= 0)
		close(fd);
}

/* "name 0123456789abcdef", so that an image of the same name shows. */
static void image_name(const char *path, char *text, size_t bytes)
{
	const char *slash = strrchr(path, '/');
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	XXH64_state_t *state = XXH64_createState();
	char buffer[65536];
	ssize_t n = 0;

	if (state)
		XXH64_reset(state, 0);
	while (fd >= 0 && state && (n = read(fd, buffer, sizeof(buffer))) > 0)
		XXH64_update(state, buffer, (size_t)n);
	snprintf(text, bytes, "%s %016llx", slash ? slash + 1 : path,
		 state ? (unsigned long long)XXH64_digest(state) : 0);
	XXH64_freeState(state);
	if (fd >= 0)
		close(fd);
}

static int guest_facts(struct result *r, const struct machine_config *c)
{
	char text[LINE_BYTES];
	int err;

	image_name(c->kernel, text, sizeof(text));
	err = result_fact_set(&r->machine, "guest_kernel", "%s", text);
	if (!err && c->initrd) {
		image_name(c->initrd, text, sizeof(text));
		err = result_fact_set(&r->machine, "guest_initrd", "%s", text);
	}
	if (!err)
		err = result_fact_set(&r->machine, "guest_command_line", "%s",
				      c->append ? c->append : "");
	if (!err)
		err = result_fact_set(&r->machine, "guest_ram_mib", "%llu",
				      (unsigned long long)
				      (c->guest_bytes ? c->guest_bytes :
				       256ull << 20) >> 20);
	if (!err)
		err = result_fact_set(&r->machine, "suite", "guest trace 1");
	return err;
}

/* A guest alone: what it has, and whose KVM it is. */
static int bare_facts(struct result *r, bool kvm)
{
	struct result_facts *machine = &r->machine;
	struct utsname host;
	int err;

	err = result_fact_set(machine, "core", "none");
	if (!err)
		err = result_fact_set(machine, "cpus", "%d", BARE_CPUS);
	if (!err)
		err = result_fact_set(machine, "devices", "%s",
				      QEMU_BARE_DEVICE);
	if (!err && kvm && !uname(&host))
		err = result_fact_set(machine, "host", "KVM of %s %s",
				      host.sysname, host.release);
	return err;
}

static int key_facts(struct result *r, const struct run_options *o)
{
	const struct machine_config *c = &o->machine;
	bool kvm = o->bare ? o->bare_kvm :
			     !c->deterministic && qemu_kvm_usable();
	struct result_facts *machine = &r->machine;
	char text[LINE_BYTES];
	int err;

	if (qemu_version_line(QEMU_PROGRAM, text, sizeof(text)))
		snprintf(text, sizeof(text), "unknown");
	err = result_fact_set(machine, "emulator", "%s, %s", text,
			      kvm ? "kvm" : "tcg");
	if (!err)
		err = result_fact_set(machine, "cpu_model", "%s",
				      c->cpu_model ? c->cpu_model : "default");
	if (!err)
		err = result_fact_set(machine, "deterministic", "%s",
				      c->deterministic ? "yes" : "no");
	if (!err && o->bare)
		err = bare_facts(r, kvm);
	else if (!err)
		err = result_fact_set(machine, "core_options", "%s",
				      c->core_options ? c->core_options : "");
	if (!err && !c->deterministic) {
		host_cpu(text);
		err = result_fact_set(machine, "host_cpu", "%s", text);
	}
	return !err && o->own_guest ? guest_facts(r, c) : err;
}

static int core_facts(struct result *r, const struct machine *m,
		      const struct run_options *o)
{
	const struct anchor *a = machine_anchor(m);
	char core[PATH_MAX], compiler[LINE_BYTES];
	char id[2 * sizeof(a->build_id) + 1];
	struct message ignored;
	int err;

	for (size_t i = 0; i < sizeof(a->build_id); i++)
		snprintf(id + 2 * i, 3, "%02x", a->build_id[i]);
	err = result_fact_set(&r->recorded, "core_build_id", "%s", id);
	if (err || core_image_find(core, sizeof(core), o->machine.core,
				   &ignored))
		return err;
	compiler_of(core, compiler, sizeof(compiler));
	return result_fact_set(&r->recorded, "core_compiler", "%s", compiler);
}

int machine_facts_add(struct result *r, const struct machine *m,
		      const struct run_options *options)
{
	int err = key_facts(r, options);

	if (!err && !options->bare)
		err = core_facts(r, m, options);
	if (!err)
		err = result_fact_set(&r->recorded, "exit_analyzer", "%s",
				      VERSION);
	return err;
}
