/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A machine without a machine: what one shows to those who attach, a lock, a
 * RAM file with an anchor and a ring, and events at the rate asked for.
 *
 *   fake_machine [-m N] [-v VM] [-w] NAME EVENTS_PER_SECOND SECONDS [RING_SLOTS]
 *
 * -m: of N events one is a TLB flush, and one a hypercall. -v: the guest's
 * name. -w: nothing happens before SIGUSR1. Prints what it has written when it ends, after SECONDS or at SIGTERM:
 * records, of exits their cycles, and what it counted beside: interrupts.
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

#include "tests/made_exit.h"
#include "tests/random.h"
#include "vmm-core/abi/anchor.h"
#include "machine/ram.h"
#include "machine/rundir.h"
#include "vmm-core/trace/ring_writer.h"

#define ANCHOR_AT	0x10000ull
#define VCPUS_AT	0x20000ull
#define RING_AT		0x100000ull
#define SITES		2000
/* what a hypercall takes, by chance */
#define CALL_CYCLES(r)	(500 + ((r) >> 24) % 100)
#define KHZ		1000000
#define TICK_NS		1000000
/* interrupts of a time before anybody looked */
#define IRQS_BEFORE	1000000

static volatile sig_atomic_t ended, begun = 1;

static struct {
	uint64_t exits, cycles, blocked, flushes, calls, irqs;
} wrote;

static struct anchor_vcpu *vcpus;	/* in the machine's RAM */

static void end(int sig)
{
	(void)sig;
	ended = 1;
}

static void begin(int sig)
{
	(void)sig;
	begun = 1;
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

static void anchor_make(struct anchor *a, uint64_t slots, const char *vm)
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
		.vm[0] = { .state = VM_STATE_RUNNING, .vcpus = 2 },
	};
	snprintf(a->vm[0].name, sizeof(a->vm[0].name), "%s", vm);
	__atomic_store_n(&a->magic, ANCHOR_MAGIC, __ATOMIC_RELEASE);
}

static void exit_write(struct ring *ring, uint64_t tsc, uint64_t r)
{
	struct event_vmexit *ev = ring_slot(ring);

	*ev = made_exit(tsc, r, SITES);
	ev->h.seq = ring_seq(ring);
	if (ev->reason == EXIT_CPUID)
		ev->blocked_cycles = r >> 50;
	/* written when it ended, as the core does */
	ev->h.tsc -= ev->handle_cycles + ev->blocked_cycles;
	/* some let an interrupt in, and the first vCPU gets more of them */
	if (r % SITES % (ev->vcpu ? 7 : 3) == 0) {
		vcpus[ev->vcpu].irqs_injected++;
		wrote.irqs++;
	}
	wrote.exits++;
	wrote.cycles += ev->handle_cycles;
	wrote.blocked += ev->blocked_cycles;
	ring_commit(ring, 1);
}

static void flush_write(struct ring *ring, uint64_t tsc, uint64_t r)
{
	struct event_tlb_flush *ev = ring_slot(ring);

	*ev = (struct event_tlb_flush){
		.h = { .tsc = tsc, .seq = ring_seq(ring), .id = EVENT_TLB_FLUSH,
		       .slots = 1 },
		.vcpu = r >> 20 & 1,
		.asid = 1 + (r >> 24) % 4,
		.cause = (r >> 32) % TLB_CAUSES,
		.isa = ISA_SVM,
	};
	wrote.flushes++;
	ring_commit(ring, 1);
}

static void call_write(struct ring *ring, uint64_t tsc, uint64_t r)
{
	struct event_hypercall *ev = ring_reserve(ring, 2);

	*ev = (struct event_hypercall){
		.h = { .tsc = tsc - CALL_CYCLES(r), .seq = ring_seq(ring), .id = EVENT_HYPERCALL,
		       .slots = 2 },
		.vcpu = r >> 20 & 1,
		.isa = ISA_SVM,
		.cycles = CALL_CYCLES(r),
		.number = (r >> 32) % 5,
	};
	wrote.calls++;
	ring_commit(ring, 2);
}

static void event_write(struct ring *ring, uint64_t tsc, uint64_t mix)
{
	uint64_t r = random_next();
	uint64_t kind = mix ? (r >> 16) % mix : 2;

	if (kind == 0)
		flush_write(ring, tsc, r);
	else if (kind == 1)
		call_write(ring, tsc, r);
	else
		exit_write(ring, tsc, r);
}

static void events_write(struct ring *ring, uint64_t rate, uint64_t seconds,
			 uint64_t mix)
{
	uint64_t start, written = 0;

	while (!begun && !ended)
		nanosleep(&(struct timespec){ .tv_nsec = TICK_NS }, NULL);
	start = now_ns();
	while (!ended) {
		uint64_t passed = now_ns() - start;
		uint64_t due = passed / 1000 * rate / 1000000;

		if (passed >= seconds * 1000000000)
			break;
		for (; written < due && !ended; written++)
			event_write(ring, start + passed, mix);
		nanosleep(&(struct timespec){ .tv_nsec = TICK_NS }, NULL);
	}
}

static struct ring *machine_make(struct rundir *dir, const char *name,
				 const char *vm, uint64_t slots)
{
	uint64_t bytes = RING_AT + RING_BYTES(slots);
	struct message msg;
	struct ring *ring;
	char *ram;
	int fd;

	if (rundir_create(dir, name, &msg) ||
	    ram_create(dir->fd, dir->path, bytes, &msg)) {
		fprintf(stderr, "fake_machine: %s\n", msg.text);
		exit(1);
	}
	fd = openat(dir->fd, "ram", O_RDWR | O_CLOEXEC);
	ram = fd < 0 ? MAP_FAILED :
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (ram == MAP_FAILED)
		die("ram");
	vcpus = (struct anchor_vcpu *)(ram + VCPUS_AT);
	vcpus[0].irqs_injected = vcpus[1].irqs_injected = IRQS_BEFORE;
	ring = (struct ring *)(ram + RING_AT);
	ring_init(ring, 0, slots);
	anchor_make((struct anchor *)(ram + ANCHOR_AT), slots, vm);
	return ring;
}

static void usage(void)
{
	fprintf(stderr, "usage: fake_machine [-m N] [-v VM] [-w] NAME "
		"EVENTS_PER_SECOND SECONDS [RING_SLOTS]\n");
	exit(2);
}

int main(int argc, char **argv)
{
	struct sigaction act = { .sa_handler = end };
	struct rundir dir = RUNDIR_NONE;
	const char *vm = "fake";
	uint64_t mix = 0;
	struct ring *ring;
	int option;

	while ((option = getopt(argc, argv, "m:v:w")) != -1) {
		if (option == 'm')
			mix = strtoull(optarg, NULL, 0);
		else if (option == 'v')
			vm = optarg;
		else if (option == 'w')
			begun = 0;
		else
			usage();
	}
	argv += optind;
	if (argc - optind < 3)
		usage();
	sigaction(SIGTERM, &act, NULL);
	act.sa_handler = begin;
	sigaction(SIGUSR1, &act, NULL);
	ring = machine_make(&dir, argv[0], vm,
			    argv[3] ? strtoull(argv[3], NULL, 0) : 1 << 20);
	puts("running");
	fflush(stdout);
	events_write(ring, strtoull(argv[1], NULL, 0),
		     strtoull(argv[2], NULL, 0), mix);
	printf("written %" PRIu64 "\nexits %" PRIu64 "\ncycles %" PRIu64
	       "\nblocked %" PRIu64 "\nflushes %" PRIu64 "\ncalls %" PRIu64
	       "\nirqs %" PRIu64 "\n", (uint64_t)ring->written, wrote.exits,
	       wrote.cycles, wrote.blocked, wrote.flushes, wrote.calls,
	       wrote.irqs);
	rundir_close(&dir);
	return 0;
}
