/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Machines that run the core: this room's pieces put together.
 */
#include "machine/machine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "abi_hash.h"
#include "machine/console.h"
#include "machine/core_image.h"
#include "machine/process.h"
#include "machine/qemu.h"
#include "machine/qemu_version.h"
#include "machine/ram.h"
#include "machine/rundir.h"

/* firmware and core need about a second; a host may be very busy */
#define START_SECONDS	120
#define START_POLL_MS	2
#define TAIL_BYTES	1200
#define LOG_BYTES	(1 << 20)

struct machine {
	struct message msg;
	struct rundir dir;
	struct ram ram;
	struct process qemu;
	struct console *console;
	struct machine_view view;	/* anchor is 0: not found yet */
	bool deterministic;
	bool followed;		/* by the plugin of steps.h */
	char core[4096];
};

struct machine *machine_new(void)
{
	struct machine *m = calloc(1, sizeof(*m));

	if (m)
		m->dir = (struct rundir)RUNDIR_NONE;
	return m;
}

const char *machine_error(const struct machine *m)
{
	return m->msg.text;
}

/* The end of a text file in the machine's directory, "" if there is none. */
static const char *file_end(const struct machine *m, const char *name,
			    char *tail, ssize_t room)
{
	int fd = openat(m->dir.fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	off_t end = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	ssize_t n = 0;

	if (end > 0)
		n = pread(fd, tail, (size_t)room - 1,
			  end > room - 1 ? end - (room - 1) : 0);
	if (fd >= 0)
		close(fd);
	if (n < 0)
		n = 0;
	while (n && strchr("\r\n ", tail[n - 1]))
		n--;
	tail[n] = '\0';
	return tail;
}

static const char *file_tail(const struct machine *m, const char *name,
			     char tail[TAIL_BYTES])
{
	return file_end(m, name, tail, TAIL_BYTES);
}

/* How the process ended, and the end of what it and the core said. */
static int death_describe(struct machine *m, int err, const char *what)
{
	char said[TAIL_BYTES], log[TAIL_BYTES], how[64];
	int status = m->qemu.status;

	if (WIFSIGNALED(status))
		snprintf(how, sizeof(how), "killed by signal %d (%s)",
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(how, sizeof(how), "exit status %d",
			 WEXITSTATUS(status));
	file_tail(m, "qemu.log", said);
	file_tail(m, "core.log", log);
	return message_set(&m->msg, err, "%s: QEMU ended, %s%s%s%s%s%s", what,
			   how, WIFSIGNALED(status) &&
			   WTERMSIG(status) == SIGBUS ?
			   " (no room left for its RAM?)" : "",
			   *said ? "\nQEMU said: " : "", said,
			   *log ? "\nthe core's log ends:\n" : "", log);
}

const struct anchor *machine_anchor(const struct machine *m)
{
	return view_anchor(&m->view);
}

/*
 * Where the core's ELF file has no symbols, the anchor is found by its
 * magic. Only pages that the file really has are looked at: others would
 * come into being.
 */
static void anchor_scan(struct machine *m)
{
	int fd = openat(m->dir.fd, "ram", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	off_t at = 0, end = (off_t)m->ram.below_4g;
	const uint64_t *page;

	while (fd >= 0 && at < end && (at = lseek(fd, at, SEEK_DATA)) >= 0) {
		page = ram_physical(&m->ram, (uint64_t)at, ANCHOR_BYTES);
		if (page && *page == ANCHOR_MAGIC) {
			m->view.anchor = (uint64_t)at;
			break;
		}
		at += ANCHOR_BYTES;
	}
	if (fd >= 0)
		close(fd);
}

/* 0: the core runs guests. -EAGAIN: not yet. Others: it never will. */
static int anchor_check(struct machine *m)
{
	const struct anchor *a;
	char log[TAIL_BYTES];

	if (!m->view.anchor)
		anchor_scan(m);
	a = m->view.anchor ? machine_anchor(m) : NULL;
	if (!a || __atomic_load_n(&a->magic, __ATOMIC_ACQUIRE) != ANCHOR_MAGIC)
		return -EAGAIN;
	if (a->version != ANCHOR_VERSION || a->bytes != sizeof(*a) ||
	    a->abi_hash != ABI_HASH)
		return message_set(&m->msg, -EPROTO,
				   "the core of machine %s (%s) and this "
				   "program are of different builds and would "
				   "misread each other; build both again",
				   m->dir.name, m->core);
	switch (machine_state(m)) {
	case MACHINE_BOOTING:
		return -EAGAIN;
	case MACHINE_RUNNING:
	case MACHINE_STOPPED:
		return 0;
	case MACHINE_REFUSED:
		return message_set(&m->msg, -ENOTSUP,
				   "the core refused to start: %.*s",
				   (int)sizeof(a->refusal), a->refusal);
	case MACHINE_PANICKED:
		break;
	}
	return message_set(&m->msg, -EIO, "the core failed; its log ends:\n%s",
			   file_tail(m, "core.log", log));
}

/* Until the core runs guests; with a signal's handler run, until then. */
static int start_wait(struct machine *m)
{
	const struct timespec pause = { .tv_nsec = START_POLL_MS * 1000000 };
	char log[TAIL_BYTES];
	bool running;
	int err;

	for (int ms = 0; ms < START_SECONDS * 1000; ms += START_POLL_MS) {
		running = process_running(&m->qemu);
		err = anchor_check(m);
		if (err != -EAGAIN)
			return err;
		if (!running)
			return death_describe(m, m->followed &&
					      !steps_taken(m->dir.fd) ?
					      -ELIBACC : -EIO,
					      "the machine did not start");
		if (nanosleep(&pause, NULL))
			return message_set(&m->msg, -EINTR, "interrupted while "
					   "the machine started");
	}
	return message_set(&m->msg, -ETIMEDOUT, "the core did not come up "
			   "within %d seconds; its log ends:\n%s",
			   START_SECONDS, file_tail(m, "core.log", log));
}

static int link_file(struct machine *m, const char *name, const char *to)
{
	char *real = realpath(to, NULL);
	int err = 0;

	if (!real || symlinkat(real, m->dir.fd, name))
		err = message_set(&m->msg, -errno, "cannot link %s into %s: %m",
				  to, m->dir.path);
	free(real);
	return err;
}

static int view_begin(struct machine *m)
{
	int err = ram_map(&m->ram, m->dir.fd, m->dir.path, &m->msg);

	m->view.ram = m->ram.base;
	m->view.bytes = m->ram.span;
	return err;
}

static int dir_fill(struct machine *m, const struct machine_config *c,
		    uint64_t ram_needs)
{
	int err = link_file(m, "core.elf", m->core);
	int fd;

	if (!err)
		err = link_file(m, "kernel", c->kernel);
	if (!err && c->initrd)
		err = link_file(m, "initrd", c->initrd);
	if (!err)
		err = ram_create(m->dir.fd, m->dir.path, ram_needs, &m->msg);
	if (!err)
		err = view_begin(m);
	if (!err && c->step_range)
		err = steps_prepare(m->dir.fd, c->step_range, c->step_ranges,
				    &m->msg);
	if (err || !c->deterministic)
		return err;
	/* for those who attach */
	fd = openat(m->dir.fd, "deterministic", O_WRONLY | O_CREAT | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return message_set(&m->msg, -errno, "cannot write in %s: %m",
				   m->dir.path);
	close(fd);
	return 0;
}

static int qemu_start(struct machine *m, const struct machine_config *c,
		      uint64_t ram_bytes)
{
	bool kvm = !c->deterministic && qemu_kvm_usable();
	struct process_setup setup = {
		.dir_fd = m->dir.fd, .death_signal = SIGKILL,
	};
	struct args args = { 0 };
	int err = -ENOMEM;

	setup.output_fd = openat(m->dir.fd, "qemu.log", O_WRONLY | O_CREAT |
				 O_TRUNC | O_CLOEXEC, 0600);
	if (setup.output_fd < 0)
		return message_set(&m->msg, -errno, "cannot write in %s: %m",
				   m->dir.path);
	qemu_args(&args, c, m->dir.path, ram_bytes, kvm);
	setup.argv = args.v;
	if (!args.failed)
		err = process_start(&m->qemu, &setup);
	args_free(&args);
	close(setup.output_fd);
	errno = -err;
	if (err == -ENOENT)
		return message_set(&m->msg, err, "cannot start the machine: "
				   "%s is not in PATH; install the package "
				   "qemu-system-x86",
				   c->qemu ? c->qemu : QEMU_PROGRAM);
	return err ? message_set(&m->msg, err, "cannot start QEMU: %m") : 0;
}

static int machine_launch(struct machine *m, const struct machine_config *c,
			  const struct guest_files *files)
{
	uint64_t ram_needs = qemu_ram_needs(c, files);
	int err = dir_fill(m, c, ram_needs);

	if (err)
		return err;
	if (c->console_fd >= 0) {
		m->console = console_start(m->dir.fd, c->console_fd);
		if (!m->console)
			return message_set(&m->msg, -errno, "cannot copy the "
					   "guest's console: %m");
	}
	/* no symbols in the core: found by its magic later */
	if (core_image_anchor(m->dir.fd, "core.elf", &m->view.anchor))
		m->view.anchor = 0;
	err = qemu_start(m, c, ram_machine_bytes(ram_needs));
	return err ? err : start_wait(m);
}

static void machine_end(struct machine *m)
{
	process_end(&m->qemu);
	console_stop(m->console);
	m->console = NULL;
	ram_unmap(&m->ram);
	m->view = (struct machine_view){ 0 };
	rundir_close(&m->dir);
}

/* One that does not answer is taken for a faulty one, or fails later on. */
static bool qemu_loses_flags(const struct machine_config *c)
{
	char line[256];

	qemu_version_line(c->qemu ? c->qemu : QEMU_PROGRAM, line,
			  sizeof(line));
	return qemu_version_loses_flags(line);
}

int machine_start(struct machine *m, const struct machine_config *config)
{
	struct machine_config c = *config;
	struct guest_files files;
	int err;

	err = qemu_config_complete(&c, &m->msg);
	if (!err)
		err = guest_files_check(&files, c.kernel, c.initrd,
					c.guest_bytes, &m->msg);
	if (!err)
		err = core_image_find(m->core, sizeof(m->core), c.core,
				      &m->msg);
	if (!err)
		err = rundir_create(&m->dir, c.name, &m->msg);
	if (err)
		return err;
	m->deterministic = c.deterministic;
	m->followed = c.step_range;
	c.without_cx16 = qemu_loses_flags(&c);
	err = machine_launch(m, &c, &files);
	if (err)
		machine_end(m);
	return err;
}

int machine_attach(struct machine *m, const char *name)
{
	ssize_t n;
	int err;

	err = rundir_attach(&m->dir, name, &m->msg);
	if (!err)
		err = view_begin(m);
	if (err)
		goto out_end;
	m->deterministic = !faccessat(m->dir.fd, "deterministic", F_OK, 0);
	n = readlinkat(m->dir.fd, "core.elf", m->core, sizeof(m->core) - 1);
	if (n < 0 || core_image_anchor(m->dir.fd, "core.elf", &m->view.anchor))
		m->view.anchor = 0;
	err = anchor_check(m);
	if (!err)
		return 0;
	if (err == -EAGAIN)
		message_set(&m->msg, err, "machine %s is still starting",
			    m->dir.name);
out_end:
	machine_end(m);
	return err;
}

void machine_close(struct machine *m)
{
	if (m)
		machine_end(m);
	free(m);
}

const char *machine_name(const struct machine *m)
{
	return m->dir.name;
}

bool machine_deterministic(const struct machine *m)
{
	return m->deterministic;
}

const struct machine_view *machine_view(const struct machine *m)
{
	return &m->view;
}

uint64_t machine_ring_slots(const struct machine *m)
{
	const struct anchor *a = machine_anchor(m);
	uint64_t bytes = UINT64_MAX;

	for (unsigned int cpu = 0; cpu < a->cpus && cpu < ANCHOR_CPUS_MAX;
	     cpu++)
		if (a->ring[cpu].bytes < bytes)
			bytes = a->ring[cpu].bytes;
	return bytes / EVENT_SLOT_BYTES;
}

enum machine_state machine_state(const struct machine *m)
{
	return __atomic_load_n(&machine_anchor(m)->state, __ATOMIC_ACQUIRE);
}

bool machine_running(struct machine *m)
{
	return m->dir.owner ? process_running(&m->qemu) :
			      m->dir.fd >= 0 && rundir_alive(&m->dir);
}

pid_t machine_pid(const struct machine *m)
{
	return m->dir.owner ? m->qemu.pid : 0;
}

int machine_stop(struct machine *m)
{
	if (!m->dir.owner)
		return message_set(&m->msg, -EPERM, "machine %s is not ours to "
				   "stop", m->dir.name);
	process_end(&m->qemu);
	return 0;
}

int machine_steps(const struct machine *m, struct steps *steps)
{
	return steps_map(steps, m->dir.fd);
}

char *machine_core_log(const struct machine *m)
{
	char *log = malloc(LOG_BYTES);

	if (log && !*file_end(m, "core.log", log, LOG_BYTES)) {
		free(log);
		log = NULL;
	}
	return log;
}

const char *machine_death(struct machine *m)
{
	if (m->dir.owner)
		death_describe(m, 0, "the machine died");
	else
		message_set(&m->msg, 0, "machine %s has ended", m->dir.name);
	return m->msg.text;
}

int machine_list(char ***names, size_t *count)
{
	struct message ignored;

	return rundir_list(names, count, &ignored);
}
