/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line of QEMU.
 */
#include "machine/qemu.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine/steps.h"
#include "vmm-core/abi/anchor.h"
#include "vmm-core/abi/ring.h"

#define MIB		(1ull << 20)
#define GUEST_DEFAULT	(256 * MIB)
#define RING_DEFAULT	(64 * MIB)
/* far beyond any use, well below where sums overflow */
#define SIZE_LIMIT	(1ull << 40)
/* what a Linux kernel takes */
#define APPEND_MAX	2047
/* the core itself: image, stacks, nested page tables */
#define CORE_BYTES	(64 * MIB)
/* what a ring may lose to its header and alignment */
#define RING_SLACK	(2 * MIB)

static uint64_t round_up(uint64_t v, uint64_t to)
{
	return (v + to - 1) / to * to;
}

int qemu_config_complete(struct machine_config *c, struct message *msg)
{
	uint64_t ring = RING_SLOTS_MIN * EVENT_SLOT_BYTES;

	if (!c->cpus)
		c->cpus = 1;
	if (!c->guest_bytes)
		c->guest_bytes = GUEST_DEFAULT;
	if (!c->ring_bytes)
		c->ring_bytes = RING_DEFAULT;
	if (!c->append)
		c->append = "";
	if (!c->kernel)
		return message_set(msg, -EINVAL, "cannot start a machine "
				   "without a kernel; give one");
	if (c->cpus > ANCHOR_CPUS_MAX)
		return message_set(msg, -EINVAL, "cannot start a machine with "
				   "%u CPUs: %d are the most", c->cpus,
				   ANCHOR_CPUS_MAX);
	if (c->deterministic && c->cpus > 1)
		return message_set(msg, -EINVAL, "cannot start a deterministic "
				   "machine with %u CPUs: it has one CPU",
				   c->cpus);
	if (c->step_range && !c->deterministic)
		return message_set(msg, -EINVAL, "cannot follow a machine "
				   "by the instruction: it is not deterministic");
	if (strlen(c->append) > APPEND_MAX)
		return message_set(msg, -E2BIG, "cannot pass the guest's "
				   "command line: it has %zu characters, %d are "
				   "the most",
				   strlen(c->append), APPEND_MAX);
	if (c->guest_bytes > SIZE_LIMIT || c->ring_bytes > SIZE_LIMIT)
		return message_set(msg, -EINVAL, "cannot start a machine with a "
				   "size above %llu GiB",
				   SIZE_LIMIT >> 30);
	c->guest_bytes = round_up(c->guest_bytes, MIB);
	while (ring < c->ring_bytes)
		ring *= 2;
	c->ring_bytes = ring;
	return 0;
}

uint64_t qemu_ram_needs(const struct machine_config *c,
			const struct guest_files *files)
{
	uint64_t rings = c->cpus * (c->ring_bytes + RING_SLACK);

	/* QEMU leaves kernel and initrd in RAM as modules, beside the guest */
	return round_up(c->guest_bytes + rings + CORE_BYTES +
			files->kernel_bytes + files->initrd_bytes, 2 * MIB);
}

/* The core knows SVM only, so kvm_intel would be of no use to it. */
bool qemu_kvm_usable(void)
{
	FILE *f = fopen("/sys/module/kvm_amd/parameters/nested", "re");
	int nested;

	if (!f)
		return false;
	nested = fgetc(f);
	fclose(f);
	return (nested == '1' || nested == 'Y') &&
	       !access("/dev/kvm", R_OK | W_OK);
}

/* QEMU splits -initrd at single commas; caller frees. NULL: no memory. */
static char *comma_double(const char *s)
{
	char *doubled = malloc(2 * strlen(s) + 1);
	char *to = doubled;

	for (; to && *s; s++) {
		if (*s == ',')
			*to++ = ',';
		*to++ = *s;
	}
	if (to)
		*to = '\0';
	return doubled;
}

static void add_model(struct args *a, const struct machine_config *c, bool kvm)
{
	const char *model = c->cpu_model;
	bool without;

	/* EPYC,+svm boots Linux no faster: 3% fewer instructions, 4-level page
	 * tables, and no virtual GIF */
	if (!model)
		model = kvm ? "host" : "max";
	without = c->without_cx16 && !kvm && !strstr(model, "cx16");
	args_add(a, "-cpu");
	args_add(a, "%s%s", model, without ? ",-cx16" : "");
}

static void add_accel(struct args *a, const struct machine_config *c, bool kvm)
{
	args_add(a, "-accel");
	if (kvm)
		args_add(a, "kvm");
	else
		args_add(a, "tcg,thread=%s", c->cpus > 1 && !c->deterministic ?
			 "multi" : "single");
	add_model(a, c, kvm);
	args_add(a, "-smp");
	args_add(a, "%u", c->cpus);
	if (!c->deterministic)
		return;
	/* TSC counts instructions; no clock or chance of the host's is seen */
	args_add(a, "-icount");
	args_add(a, "shift=0,sleep=off");
	args_add(a, "-rtc");
	args_add(a, "clock=vm,base=2024-01-01");
	args_add(a, "-seed");
	args_add(a, "1");
}

static void add_core(struct args *a, const struct machine_config *c)
{
	char *append = comma_double(c->append);
	char stop[48] = "";

	if (!append) {
		a->failed = true;
		return;
	}
	if (c->stop_after_ns)
		snprintf(stop, sizeof(stop), " stop-after=%llu",
			 (unsigned long long)c->stop_after_ns);
	args_add(a, "-kernel");
	args_add(a, "core.elf");
	args_add(a, "-append");
	/* the RAM file is new and so all zero: the core need not clear it */
	args_add(a, "log=com2 console=com1 ring=%lluK exit-port=0xf4 fresh-ram"
		 "%s%s%s",
		 (unsigned long long)c->ring_bytes >> 10, stop,
		 c->core_options ? " " : "",
		 c->core_options ? c->core_options : "");
	args_add(a, "-initrd");
	args_add(a, "kernel kernel vm=vm0 mem=%lluM vcpus=1 -- %s%s",
		 (unsigned long long)c->guest_bytes >> 20, append,
		 c->initrd ? ",initrd initrd vm=vm0" : "");
	free(append);
}

static void add_list(struct args *a, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		args_add(a, "%s", list[i]);
}

static void add_common(struct args *a, const struct machine_config *c)
{
	static const char *const list[] = {
		"-nodefaults", "-no-user-config", "-no-reboot",
		"-display", "none", "-monitor", "none", "-nic", "none",
		"-device", "isa-debug-exit,iobase=0xf4,iosize=4",
	};

	args_add(a, "%s", c->qemu ? c->qemu : QEMU_PROGRAM);
	add_list(a, list, sizeof(list) / sizeof(list[0]));
}

void qemu_args(struct args *a, const struct machine_config *c,
	       const char *dir_path, uint64_t ram_bytes, bool kvm)
{
	static const char *const list[] = {
		/* files: a machine never waits for whoever reads them */
		"-chardev", "file,id=console,path=console",
		"-serial", "chardev:console",
		"-chardev", "file,id=log,path=core.log",
		"-serial", "chardev:log",
		"-machine", "q35,memory-backend=m",
	};

	add_common(a, c);
	add_list(a, list, sizeof(list) / sizeof(list[0]));
	/* not for us: it tells those who look at processes whose this is */
	args_add(a, "-pidfile");
	args_add(a, "%s/qemu.pid", dir_path);
	args_add(a, "-m");
	args_add(a, "%lluM", (unsigned long long)ram_bytes >> 20);
	args_add(a, "-object");
	args_add(a, "memory-backend-file,id=m,size=%llu,mem-path=ram,share=on",
		 (unsigned long long)ram_bytes);
	add_accel(a, c, kvm);
	if (c->step_range) {
		args_add(a, "-plugin");
		args_add(a, STEPS_PLUGIN_OPTION);
	}
	add_core(a, c);
}

void qemu_bare_args(struct args *a, const struct machine_config *c,
		    const char *console_path, bool kvm)
{
	/* what exit-bench has a row for, and needs none of its own */
	static const char *const list[] = {
		"-machine", "q35", "-device", QEMU_BARE_DEVICE,
		"-serial", "chardev:console",
	};

	add_common(a, c);
	add_list(a, list, sizeof(list) / sizeof(list[0]));
	args_add(a, "-chardev");
	args_add(a, "file,id=console,path=%s", console_path);
	args_add(a, "-m");
	args_add(a, "%lluM", (unsigned long long)c->guest_bytes >> 20);
	add_accel(a, c, kvm);
	args_add(a, "-kernel");
	args_add(a, "%s", c->kernel);
	if (!c->append)
		return;
	args_add(a, "-append");
	args_add(a, "%s", c->append);
}
