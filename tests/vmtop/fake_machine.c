/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A machine without a machine: what one shows to those who attach, a lock, a
 * RAM file with an anchor and a ring, and events at the rate asked for.
 *
 *   fake_machine NAME EVENTS_PER_SECOND SECONDS [RING_SLOTS]
 *
 * Prints how many it has written when it ends, after SECONDS or at SIGTERM.
 */
#include "abi_hash.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "vmm-core/abi/anchor.h"
#include "vmm-core/machine/ram.h"
#include "vmm-core/machine/rundir.h"
#include "vmm-core/trace/ring_writer.h"

#define ANCHOR_AT	0x10000ull
#define VCPUS_AT	0x20000ull
#define RING_AT		0x100000ull
#define TEXT		0xffffffff81000000ull
#define SITES		2000
#define REASONS		12
#define KHZ		1000000
#define TICK_NS		1000000

static volatile sig_atomic_t ended;

static void end(int sig)
{
	(void)sig;
	ended = 1;
}

static uint64_t random_next(void)
{
	static uint64_t x = 0x9e3779b97f4a7c15ull;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	return x * 0x2545f4914f6cdd1dull;
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void die(const char *what)
{
	fprintf(stderr, "fake_machine: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void anchor_make(struct anchor *a, uint64_t slots)
{
	*a = (struct anchor){
		.version = ANCHOR_VERSION,
		.bytes = sizeof(*a),
		.abi_hash = ABI_HASH,
		.isa = ISA_SVM,
		.state = MACHINE_RUNNING,
		.tsc_khz = KHZ,
		.cpus = 1,
		.vms = 1,
		.vcpu_bytes = sizeof(struct anchor_vcpu),
		.vcpu_hpa = VCPUS_AT,
		.ring[0] = { RING_AT, RING_BYTES(slots) },
		.vm[0] = { .name = "fake", .state = VM_STATE_RUNNING,
			   .vcpus = 2 },
	};
	__atomic_store_n(&a->magic, ANCHOR_MAGIC, __ATOMIC_RELEASE);
}

/* As a guest does it: many places, some reasons, costs with a tail. */
static void event_write(struct ring *ring, uint64_t tsc)
{
	uint64_t r = random_next();
	uint64_t site = r % SITES;
	struct event_vmexit *ev = ring_slot(ring);

	*ev = (struct event_vmexit){
		.h = { .tsc = tsc, .seq = ring_seq(ring), .id = EVENT_VMEXIT,
		       .slots = 1 },
		.vcpu = r >> 20 & 1,
		.reason = EXIT_CPUID + site % REASONS,
		.handle_cycles = 800 + (r >> 24) % 700 +
			((r >> 40) % 50 ? 0 : (r >> 32) % 200000),
		.rip = TEXT + site * 96,
	};
	ring_commit(ring, 1);
}

static void events_write(struct ring *ring, uint64_t rate, uint64_t seconds)
{
	uint64_t start = now_ns(), written = 0;

	while (!ended) {
		uint64_t passed = now_ns() - start;
		uint64_t due = passed / 1000 * rate / 1000000;

		if (passed >= seconds * 1000000000)
			break;
		for (; written < due && !ended; written++)
			event_write(ring, start + passed);
		nanosleep(&(struct timespec){ .tv_nsec = TICK_NS }, NULL);
	}
}

int main(int argc, char **argv)
{
	struct sigaction act = { .sa_handler = end };
	uint64_t slots = argc > 4 ? strtoull(argv[4], NULL, 0) : 1 << 20;
	uint64_t bytes = RING_AT + RING_BYTES(slots);
	struct rundir dir = RUNDIR_NONE;
	struct message msg;
	struct ring *ring;
	char *ram;
	int fd;

	if (argc < 4) {
		fprintf(stderr, "usage: fake_machine NAME EVENTS_PER_SECOND "
			"SECONDS [RING_SLOTS]\n");
		return 2;
	}
	if (rundir_create(&dir, argv[1], &msg) ||
	    ram_create(dir.fd, dir.path, bytes, &msg)) {
		fprintf(stderr, "fake_machine: %s\n", msg.text);
		return 1;
	}
	sigaction(SIGTERM, &act, NULL);
	fd = openat(dir.fd, "ram", O_RDWR | O_CLOEXEC);
	ram = fd < 0 ? MAP_FAILED :
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (ram == MAP_FAILED)
		die("ram");
	ring = (struct ring *)(ram + RING_AT);
	ring_init(ring, 0, slots);
	anchor_make((struct anchor *)(ram + ANCHOR_AT), slots);
	puts("running");
	fflush(stdout);
	events_write(ring, strtoull(argv[2], NULL, 0),
		     strtoull(argv[3], NULL, 0));
	printf("written %" PRIu64 "\n", (uint64_t)ring->written);
	rundir_close(&dir);
	return 0;
}
