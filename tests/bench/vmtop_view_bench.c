/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmtop's live view as one waits for it, in a terminal of its own: first
 * screen, key to screen, bytes sent and CPU time when nothing happens. The
 * clock is the wall's, and other work on this machine counts.
 *
 *   vmtop_view_bench
 *   vmtop_view_bench until TEXT KEYS COMMAND...
 *	milliseconds until TEXT is there, KEYS typed at once
 *   vmtop_view_bench memory SECONDS KEYS COMMAND...
 *	what the kernel says of its memory after so long
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STARTS		20
#define KEYS		200
#define STOPS		20
#define STOP_MS		900	/* the rings hold a second at 1 M events/s */
#define WAIT_MS		10000
#define IDLE_S		5
#define PATH_BYTES	4096

struct term {
	int fd;
	pid_t pid;
	char seen[1 << 20];	/* since the last term_forget() */
	size_t bytes;
};

static pid_t machine;
static char directory[] = "/tmp/vmtop_view_bench.XXXXXX";
static bool above;

static void die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void sleep_ms(double ms)
{
	struct timespec t = { ms / 1000, (long)(ms * 1e6) % 1000000000 };

	nanosleep(&t, NULL);
}

static void term_start(struct term *t, char **argv)
{
	struct winsize size = { .ws_row = 40, .ws_col = 120 };

	t->bytes = 0;
	t->pid = forkpty(&t->fd, NULL, NULL, &size);
	if (t->pid < 0)
		die("no terminal: %s", strerror(errno));
	if (t->pid)
		return;
	setenv("TERM", "xterm-256color", 1);
	setenv("XDG_CONFIG_HOME", directory, 1);
	execvp(argv[0], argv);
	_exit(127);
}

/* Reads all that the terminal shows within `ms`. */
static void term_read(struct term *t, double ms)
{
	double end = now_ms() + ms;
	struct pollfd in = { .fd = t->fd, .events = POLLIN };

	do {
		double left = end - now_ms();
		ssize_t n;

		if (poll(&in, 1, left > 0 ? (int)left + 1 : 0) <= 0)
			return;
		n = read(t->fd, t->seen + t->bytes,
			 sizeof(t->seen) - 1 - t->bytes);
		if (n <= 0)
			return;
		t->bytes += n;
		t->seen[t->bytes] = '\0';
	} while (now_ms() < end && t->bytes < sizeof(t->seen) - 1);
}

static void term_forget(struct term *t)
{
	term_read(t, 0);
	t->bytes = 0;
	t->seen[0] = '\0';
}

/* Milliseconds until it had sent that. */
static double term_wait(struct term *t, const char *text, double since)
{
	while (now_ms() - since < WAIT_MS) {
		if (memmem(t->seen, t->bytes, text, strlen(text)))
			return now_ms() - since;
		term_read(t, 1);
	}
	die("no \"%s\" within %d ms", text, WAIT_MS);
	return 0;
}

static void term_end(struct term *t)
{
	kill(t->pid, SIGTERM);
	while (waitpid(t->pid, NULL, WNOHANG) != t->pid)
		term_read(t, 1);
	close(t->fd);
}

static void term_key(const struct term *t, char key)
{
	if (write(t->fd, &key, 1) != 1)
		die("cannot type: %s", strerror(errno));
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void figure(const char *name, double value, const char *unit,
		   double limit)
{
	printf("%-44s %8.2f %s  (at most %g)\n", name, value, unit, limit);
	above |= value > limit;
}

static void figures(const char *name, double *ms, size_t count, double limit)
{
	char line[128];

	qsort(ms, count, sizeof(*ms), compare);
	snprintf(line, sizeof(line), "%s, median of %zu", name, count);
	printf("%-44s %8.2f ms\n", line, ms[count / 2]);
	snprintf(line, sizeof(line), "%s, 99 of 100", name);
	printf("%-44s %8.2f ms\n", line, ms[count * 99 / 100]);
	snprintf(line, sizeof(line), "%s, longest", name);
	figure(line, ms[count - 1], "ms", limit);
}

static const char *built(const char *path, char to[PATH_BYTES])
{
	const char *o = getenv("O");

	snprintf(to, PATH_BYTES, "%s/%s", o ? o : "build", path);
	return to;
}

static void machine_end(void)
{
	if (machine <= 0)
		return;
	kill(machine, SIGTERM);
	waitpid(machine, NULL, 0);
	machine = 0;
}

static void machine_start(const char *rate)
{
	char program[PATH_BYTES], said[16];
	int out[2];

	if (pipe(out))
		die("no pipe: %s", strerror(errno));
	machine = fork();
	if (!machine) {
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		execl(built("tests/vmtop/fake_machine", program), "fake", "m0",
		      rate, "300", NULL);
		_exit(127);
	}
	close(out[1]);
	if (read(out[0], said, sizeof(said)) <= 0)
		die("no %s", program);
	close(out[0]);
}

static void first_screens(struct term *t, char **argv)
{
	double title[STARTS], rows[STARTS];

	for (size_t i = 0; i < STARTS; i++) {
		double start = now_ms();

		term_start(t, argv);
		title[i] = term_wait(t, "vmtop - ", start);
		rows[i] = term_wait(t, "fake", start);
		term_end(t);
	}
	figures("first screen", title, STARTS, 200);
	figures("first rows", rows, STARTS, 200);
}

static double cpu_ms(pid_t pid)
{
	struct timespec t = { 0 };
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &t))
		die("no CPU clock of vmtop");
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

/*
 * Help comes and goes: words that intervals do not send, so what is seen is
 * the key's work. Keys fall anywhere between two intervals, or when vmtop was
 * stopped for a while, as on a host that is busy with other things.
 */
static void keys(const char *name, struct term *t, char **argv, size_t count,
		 bool stopped)
{
	double ms[KEYS], cpu[KEYS];
	char line[128];

	term_start(t, argv);
	term_wait(t, "fake", now_ms());
	for (size_t i = 0; i < count; i++) {
		double start;

		sleep_ms(10 + i * 37 % 50);
		if (stopped)
			kill(t->pid, SIGSTOP);
		term_forget(t);
		if (stopped)
			sleep_ms(STOP_MS);
		start = now_ms();
		cpu[i] = cpu_ms(t->pid);
		term_key(t, i % 2 ? 'x' : 'h');
		if (stopped)
			kill(t->pid, SIGCONT);
		ms[i] = term_wait(t, i % 2 ? "Symbols" : "Keys", start);
		cpu[i] = cpu_ms(t->pid) - cpu[i];
	}
	term_end(t);
	figures(name, ms, count, 50);
	qsort(cpu, count, sizeof(*cpu), compare);
	snprintf(line, sizeof(line), "%s, CPU time, longest", name);
	figure(line, cpu[count - 1], "ms", 50);
}

static void idle(struct term *t, char **argv)
{
	double start, cpu;

	term_start(t, argv);
	term_wait(t, "fake", now_ms());
	term_read(t, 2000);
	term_forget(t);
	start = now_ms();
	cpu = cpu_ms(t->pid);
	term_read(t, IDLE_S * 1000);
	figure("idle, of one CPU", 100 * (cpu_ms(t->pid) - cpu) /
	       (now_ms() - start), "%", 0.5);
	figure("idle, sent to the terminal", (double)t->bytes / IDLE_S,
	       "bytes a second", 100);
	term_end(t);
}

static void keys_type(const struct term *t, const char *keys)
{
	for (; *keys; keys++)
		term_key(t, *keys);
}

static void until(struct term *t, char **argv)
{
	double start = now_ms();

	term_start(t, argv + 4);
	keys_type(t, argv[3]);
	printf("%.0f\n", term_wait(t, argv[2], start));
	term_end(t);
}

static void memory(struct term *t, char **argv)
{
	double end = now_ms() + 1000 * atof(argv[2]);
	char line[256];
	FILE *f;

	term_start(t, argv + 4);
	keys_type(t, argv[3]);
	while (now_ms() < end) {
		term_read(t, 100);
		term_forget(t);
	}
	snprintf(line, sizeof(line), "/proc/%d/smaps", t->pid);
	f = fopen(line, "r");
	if (!f)
		die("cannot read %s: %s", line, strerror(errno));
	while (fgets(line, sizeof(line), f))
		fputs(line, stdout);
	fclose(f);
	term_end(t);
}

static void clean_up(void)
{
	char path[PATH_BYTES];

	machine_end();
	snprintf(path, sizeof(path), "%s/run", directory);
	rmdir(path);
	rmdir(directory);
}

int main(int argc, char **argv)
{
	static struct term t;
	char program[PATH_BYTES], run[PATH_BYTES];
	char *once[] = { program, NULL };
	char *often[] = { program, (char *)"-d", (char *)"0.2", NULL };

	if (!mkdtemp(directory))
		die("no directory: %s", strerror(errno));
	atexit(clean_up);
	if (argc > 4) {
		(!strcmp(argv[1], "until") ? until : memory)(&t, argv);
		return 0;
	}
	built("bin/vmtop", program);
	snprintf(run, sizeof(run), "%s/run", directory);
	setenv("VMPROF_RUNDIR", run, 1);
	machine_start("50000");
	first_screens(&t, once);
	keys("key to screen", &t, often, KEYS, false);
	machine_end();
	machine_start("1000000");
	keys("at 1 M events/s", &t, often, KEYS, false);
	keys("after 0.9 s without a CPU", &t, once, STOPS, true);
	machine_end();
	machine_start("0");
	idle(&t, once);
	return above;
}
