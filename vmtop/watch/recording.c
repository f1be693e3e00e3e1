/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Starts `vmprof record --attach`, and reads from its status how it went.
 */
#include "vmtop/watch/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command/clock.h"
#include "machine/process.h"

#define FILE_NAME_BYTES	128
#define SAID_BYTES	4096	/* the end of what it said is enough */
#define SAME_SECOND_MAX	99
#define END_S		10	/* symbols are taken and written in less */

struct recording {
	struct process process;
	char machine[64];
	char file[FILE_NAME_BYTES];
	int file_fd;		/* the name may be given to another file */
	int said_fd;		/* its stdout and stderr, in memory: its status */
	double start_s;
	bool stopping;
};

/*
 * A new file, so that nobody's is overwritten: vmprof writes into an empty
 * one without putting it aside.
 */
static int file_make(struct recording *r)
{
	time_t now = time(NULL);
	char when[32] = "";
	struct tm tm;

	if (localtime_r(&now, &tm))
		strftime(when, sizeof(when), "%Y%m%d-%H%M%S", &tm);
	for (unsigned int n = 1; n <= SAME_SECOND_MAX; n++) {
		char again[8] = "";

		if (n > 1)
			snprintf(again, sizeof(again), "-%u", n);
		snprintf(r->file, sizeof(r->file), "vmprof.%s.%s%s.data",
			 r->machine, when, again);
		r->file_fd = open(r->file, O_RDONLY | O_CREAT | O_EXCL |
				  O_CLOEXEC, 0600);
		if (r->file_fd >= 0 || errno != EEXIST)
			break;
	}
	return r->file_fd < 0 ? -errno : 0;
}

/* The one that was installed or built with us; else any there is. */
static void program_find(char program[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", program, PATH_MAX - 1);
	char *base;

	program[n > 0 ? n : 0] = '\0';
	base = strrchr(program, '/');
	if (base && base + sizeof("/vmprof") <= program + PATH_MAX) {
		strcpy(base, "/vmprof");
		if (!access(program, X_OK))
			return;
	}
	strcpy(program, "vmprof");
}

static int program_start(struct recording *r)
{
	char program[PATH_MAX];
	char *argv[] = {
		program, (char *)"record", (char *)"--attach", r->machine,
		(char *)"-o", r->file, (char *)"--status-fd", (char *)"1",
		NULL,
	};
	struct process_setup setup = {
		.argv = argv, .dir_fd = AT_FDCWD, .output_fd = r->said_fd,
		.death_signal = SIGINT,
	};

	program_find(program);
	return process_start(&r->process, &setup);
}

/* false: it stays; there is something in it. */
static bool file_discard(const struct recording *r)
{
	struct stat ours, named;

	return !fstat(r->file_fd, &ours) && !ours.st_size &&
		!stat(r->file, &named) && named.st_ino == ours.st_ino &&
		named.st_dev == ours.st_dev && !unlink(r->file);
}

struct recording *recording_start(const char *machine,
				  char text[RECORDING_TEXT_BYTES])
{
	struct recording *r = calloc(1, sizeof(*r));
	int err = r ? 0 : -ENOMEM;

	if (!err) {
		snprintf(r->machine, sizeof(r->machine), "%s", machine);
		r->start_s = clock_now_s();
		r->file_fd = -1;
		r->said_fd = memfd_create("vmprof", MFD_CLOEXEC);
		err = r->said_fd < 0 ? -errno : file_make(r);
	}
	if (err) {
		snprintf(text, RECORDING_TEXT_BYTES, "cannot write %s: %s",
			 r ? r->file : "a trace", strerror(-err));
		recording_free(r);
		return NULL;
	}
	err = program_start(r);
	if (!err)
		return r;
	if (err == -ENOENT)
		snprintf(text, RECORDING_TEXT_BYTES, "cannot record: there is "
			 "no vmprof beside vmtop, nor in PATH");
	else
		snprintf(text, RECORDING_TEXT_BYTES, "cannot run vmprof: %s",
			 strerror(-err));
	file_discard(r);
	recording_free(r);
	return NULL;
}

void recording_stop(struct recording *r)
{
	r->stopping = true;
	if (process_running(&r->process))
		kill(r->process.pid, SIGINT);
}

bool recording_running(struct recording *r)
{
	return process_running(&r->process);
}

/* Its last words, a string. */
static void said_read(const struct recording *r, char said[SAID_BYTES])
{
	struct stat st;
	off_t from;
	ssize_t n;

	said[0] = '\0';
	if (fstat(r->said_fd, &st))
		return;
	from = st.st_size < SAID_BYTES ? 0 : st.st_size - SAID_BYTES + 1;
	n = pread(r->said_fd, said, SAID_BYTES - 1, from);
	said[n > 0 ? n : 0] = '\0';
}

/* The last value of a key in its status; NULL: it has none. */
static char *said_value(char *said, const char *key)
{
	size_t length = strlen(key);
	char *found = NULL;

	for (char *line = said; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, key, length) && line[length] == '=')
			found = line + length + 1;
	}
	return found;
}

bool recording_result(const struct recording *r,
		      char text[RECORDING_TEXT_BYTES])
{
	char said[SAID_BYTES], why[RECORDING_TEXT_BYTES - FILE_NAME_BYTES] = "";
	const char *events, *missed, *failed;
	bool good = WIFEXITED(r->process.status) &&
		!WEXITSTATUS(r->process.status);

	said_read(r, said);
	events = said_value(said, "events");
	missed = said_value(said, "missed");
	failed = said_value(said, "error");
	if (failed)
		snprintf(why, sizeof(why), "%.*s",
			 (int)strcspn(failed, "\n"), failed);
	else if (WIFSIGNALED(r->process.status))
		snprintf(why, sizeof(why), "vmprof ended by signal %d (%s)",
			 WTERMSIG(r->process.status),
			 strsignal(WTERMSIG(r->process.status)));
	else if (!good)
		snprintf(why, sizeof(why), "vmprof ended with status %d",
			 WEXITSTATUS(r->process.status));
	if (events && missed)
		snprintf(text, RECORDING_TEXT_BYTES,
			 "%s: %.*s events, %.*s missed%s%s", r->file,
			 (int)strcspn(events, "\n"), events,
			 (int)strcspn(missed, "\n"), missed,
			 *why ? "; " : "", why);
	else if (file_discard(r))
		snprintf(text, RECORDING_TEXT_BYTES, "%s is not recorded: %s",
			 r->machine, why);
	else
		snprintf(text, RECORDING_TEXT_BYTES, "%s: %s", r->file, why);
	return good;
}

void recording_end(struct recording *r)
{
	double end_s = clock_now_s() + END_S;

	recording_stop(r);
	while (recording_running(r) && clock_now_s() < end_s)
		nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
	process_end(&r->process);
}

void recording_free(struct recording *r)
{
	if (!r)
		return;
	process_end(&r->process);
	if (r->file_fd >= 0)
		close(r->file_fd);
	if (r->said_fd >= 0)
		close(r->said_fd);
	free(r);
}

const char *recording_machine(const struct recording *r)
{
	return r->machine;
}

const char *recording_file(const struct recording *r)
{
	return r->file;
}

bool recording_stopping(const struct recording *r)
{
	return r->stopping;
}

double recording_seconds(const struct recording *r)
{
	return clock_now_s() - r->start_s;
}

double recording_bytes(const struct recording *r)
{
	struct stat st;

	return fstat(r->file_fd, &st) ? 0 : st.st_size;
}
