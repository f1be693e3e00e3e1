/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes the traces that golden tests read, from events invented here: every
 * run gives the same records. make_trace DIR writes DIR/NAME.data for each
 * row of traces[].
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/golden/trace_put.h"
#include "tests/random.h"
#include "vmm-core/abi/hypercall.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
/* Forty functions of 256 bytes, and three of a module. */
static void put_symbols(struct maker *m, unsigned int vm, uint64_t text)
{
	char lines[8192];
	int at = 0;

	for (unsigned int i = 0; i < 40; i++)
		at += sprintf(lines + at, "%016llx T kernel_function_%u\n",
			      (unsigned long long)text + i * 256, i);
	at += sprintf(lines + at, "%016llx T _etext\n",
		      (unsigned long long)text + 40 * 256);
	for (unsigned int i = 0; i < 3; i++)
		at += sprintf(lines + at, "%016llx t net_%u\t[virtio_net]\n",
			      (unsigned long long)text + 0x40000000 + i * 64,
			      i);
	check(trace_writer_kallsyms(m->w, vm, lines, at), "cannot write");
}

#define TEXT_0 0xffffffff81000000ull
#define TEXT_1 0xffffffff9a000000ull

/* One record of every kind, on CPU 0; CPU 1 wakes up in the middle. */
static void make_few(struct maker *m)
{
	put_state(m, 0, (struct event_vm_state){ .state = VM_STATE_RUNNING });
	put_flush(m, 0, (struct event_tlb_flush){
		.asid = 1, .cause = TLB_CAUSE_ASID_NEW,
		.scope = TLB_SCOPE_CONTEXT, .rip = 0x100000 });
	put_exit(m, 0, (struct event_vmexit){
		.reason = EXIT_CPUID, .raw_code = 0x72, .asid = 1,
		.handle_cycles = 1234, .rip = TEXT_0 + 0x104, .cr3 = 0x1000,
		.detail = 0x40000000 });
	put_exit(m, 0, (struct event_vmexit){
		.reason = EXIT_IO, .raw_code = 0x7b, .asid = 1,
		.handle_cycles = 25000, .rip = TEXT_0 + 0x2a4, .cr3 = 0x1000,
		.detail = 0x3f8 | 1 << 16 | EVENT_DETAIL_WRITE });
	put_hypercall(m, 0, (struct event_hypercall){
		.number = HC_MARK, .args = { 1, 2, 3, 4 }, .cycles = 77,
		.rip = TEXT_0 + 0x301, .cr3 = 0x1000 });
	put_exit(m, 0, (struct event_vmexit){
		.reason = EXIT_HYPERCALL, .raw_code = 0x81, .asid = 1,
		.handle_cycles = 900, .rip = TEXT_0 + 0x301, .cr3 = 0x1000,
		.detail = HC_MARK });
	m->tsc[1] = m->tsc[0] - 1500;
	put_exit(m, 1, (struct event_vmexit){
		.vcpu = 1, .reason = EXIT_NPF, .raw_code = 0x400, .asid = 2,
		.handle_cycles = 4000, .rip = TEXT_0 + 0x40000044,
		.cr3 = 0x2000, .detail = 0xfee00300 });
	put_exit(m, 0, (struct event_vmexit){
		.reason = EXIT_HLT, .raw_code = 0x78, .asid = 1,
		.handle_cycles = 800, .blocked_cycles = 10000000,
		.rip = TEXT_0 + 0x400, .cr3 = 0x1000 });
	put_exit(m, 0, (struct event_vmexit){
		.reason = EXIT_MSR_WRITE, .raw_code = 0x7c, .asid = 1,
		.handle_cycles = 1500, .rip = TEXT_0 + 0x2810, .cr3 = 0x1000,
		.detail = 0x6e0 });
	put_exit(m, 0, (struct event_vmexit){
		.reason = EXIT_CPUID, .raw_code = 0x72, .asid = 1, .cpl_known = 3,
		.handle_cycles = 1300, .rip = 0x401000, .cr3 = 0x3000,
		.detail = 1 });
	put_exit(m, 0, (struct event_vmexit){
		.reason = EXIT_CR_ACCESS, .raw_code = 0x10, .asid = 1,
		.handle_cycles = 2000, .rip = 0x7c00,
		.detail = EVENT_DETAIL_WRITE });
	put_flush(m, 0, (struct event_tlb_flush){
		.asid = 1, .cause = TLB_CAUSE_GUEST_INVLPG,
		.scope = TLB_SCOPE_ADDRESS, .guest = 1,
		.address = 0xffff888000001000, .rip = TEXT_0 + 0x555,
		.cr3 = 0x1000 });
	put_exit(m, 0, (struct event_vmexit){
		.reason = EXIT_TRIPLE_FAULT, .raw_code = 0x7f, .asid = 1,
		.handle_cycles = 3000, .rip = 0xffffffffdeadbeef });
	put_state(m, 0, (struct event_vm_state){
		.state = VM_STATE_CRASHED, .raw_code = 0x7f,
		.rip = 0xffffffffdeadbeef });
	put_symbols(m, 0, TEXT_0);
}

static const struct event_vmexit usual[] = {
	{ .reason = EXIT_IO, .raw_code = 0x7b, .handle_cycles = 9000 },
	{ .reason = EXIT_CPUID, .raw_code = 0x72, .handle_cycles = 900 },
	{ .reason = EXIT_MSR_WRITE, .raw_code = 0x7c, .handle_cycles = 1400 },
	{ .reason = EXIT_HLT, .raw_code = 0x78, .handle_cycles = 600,
	  .blocked_cycles = 200000 },
	{ .reason = EXIT_NPF, .raw_code = 0x400, .handle_cycles = 5000 },
};

static void make_exits(struct maker *m, unsigned int cpu, unsigned int vm,
		       uint64_t text, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		unsigned int site = random_next() % 45;
		struct event_vmexit e = usual[site % ARRAY_SIZE(usual)];

		e.h.vm = vm;
		e.vcpu = vm;
		e.asid = vm + 1;
		e.rip = text + site * 256 + random_next() % 256;
		e.cr3 = (1 + site % 3) << 12;
		e.cpl_known = site == 41 ? 3 : 0;
		if (site > 41)
			e.rip = text + 0x40000000 + (site - 42) * 64;
		e.handle_cycles += random_next() % 500;
		if (m->isa == ISA_VMX)
			e.raw_code = 30;
		put_exit(m, cpu, e);
		if (i % 100 == 50)
			put_flush(m, cpu, (struct event_tlb_flush){
				.h.vm = vm, .vcpu = vm, .asid = vm + 1,
				.cause = TLB_CAUSE_NPT_CHANGED,
				.scope = TLB_SCOPE_CONTEXT });
		if (i % 40 == 20)
			put_hypercall(m, cpu, (struct event_hypercall){
				.h.vm = vm, .vcpu = vm,
				.number = i % 80 == 20 ? 5 : HC_NOP,
				.cycles = 150 + random_next() % 100 });
	}
}

static void make_svm(struct maker *m)
{
	put_symbols(m, 0, TEXT_0);
	make_exits(m, 0, 0, TEXT_0, 1000);
}

/* A clock that goes backwards twice, once before where it began. */
static void make_disorder(struct maker *m)
{
	put_symbols(m, 0, TEXT_0);
	make_exits(m, 0, 0, TEXT_0, 100);
	m->tsc[0] -= 5000000000;
	make_exits(m, 0, 0, TEXT_0, 3);
	m->tsc[0] += 6000000000;
	make_exits(m, 0, 0, TEXT_0, 100);
	m->tsc[0] -= 100000;
	make_exits(m, 0, 0, TEXT_0, 2);
}

/* As after 42 days: times, costs and counts around 2^53 and at 2^64 - 1. */
static void make_extreme(struct maker *m)
{
	static const uint64_t tsc[] = {
		(1ull << 53) - 1, 1ull << 53, (1ull << 53) + 1, ~0ull >> 1,
	};

	put_symbols(m, 0, TEXT_0);
	for (size_t i = 0; i < ARRAY_SIZE(tsc); i++) {
		m->tsc[0] = tsc[i];
		put_exit(m, 0, (struct event_vmexit){
			.reason = EXIT_HLT, .raw_code = 0x78,
			.handle_cycles = ~0u, .rip = ~0ull, .cr3 = ~0ull,
			.blocked_cycles = (1ull << 53) + i, .detail = ~0ull });
		m->tsc[0] = tsc[i];
		put_hypercall(m, 0, (struct event_hypercall){
			.number = ~0ull - i, .cycles = ~0u, .rip = ~0ull,
			.result = ~0ull, .args = { ~0ull, 1ull << 53 } });
		put_lost(m, 0, (1ull << 53) + 1);
	}
}

/* Several chunks of each CPU, in turns. */
static void make_chunks(struct maker *m)
{
	put_symbols(m, 0, TEXT_0);
	for (unsigned int i = 0; i < 5; i++) {
		make_exits(m, 0, 0, TEXT_0, 5000);
		make_exits(m, 1, 0, TEXT_0, 4000);
	}
}

/* A guest a CPU, and the same kernel at two places. */
static void make_two_vms(struct maker *m)
{
	make_exits(m, 0, 0, TEXT_0, 600);
	put_symbols(m, 0, TEXT_0);
	make_exits(m, 1, 1, TEXT_1, 400);
	put_symbols(m, 1, TEXT_1);
}

static void make_losses(struct maker *m)
{
	make_exits(m, 0, 0, TEXT_0, 10);
	put_lost(m, 0, 1000000);
	make_exits(m, 0, 0, TEXT_0, 10);
	put_lost(m, 0, 7);
	put_lost(m, 1, 12);
	make_exits(m, 1, 0, TEXT_0, 10);
	put_symbols(m, 0, TEXT_0);
}

/* A second of exits, one in ten milliseconds, on one CPU. */
static void make_second(struct maker *m, unsigned int cpu, uint64_t tsc)
{
	for (unsigned int i = 0; i < 100; i++) {
		m->tsc[cpu] = tsc + i * 10 * m->origin.clock.tsc_khz;
		put_exit(m, cpu, (struct event_vmexit){
			.vcpu = cpu, .reason = EXIT_CPUID, .raw_code = 0x72,
			.handle_cycles = 1000, .rip = TEXT_0 });
	}
}

/*
 * Five seconds, of which one CPU loses the second to the fourth in two goes,
 * and the other one all that it made before the third.
 */
static void make_long_losses(struct maker *m)
{
	uint64_t second = m->origin.clock.tsc_khz * 1000;
	uint64_t start = m->tsc[0];

	make_second(m, 0, start);
	put_gap(m, 0, start + second + second / 2, start + 2 * second, 100);
	put_gap(m, 0, start + 2 * second + second / 2, start + 4 * second, 7);
	make_second(m, 0, start + 4 * second);
	put_gap(m, 1, 0, start + 2 * second, 5);
	for (unsigned int i = 2; i < 5; i++)
		make_second(m, 1, start + i * second);
	put_symbols(m, 0, TEXT_0);
}

/* Names that would clear a terminal or break out of their quotes. */
static void make_hostile(struct maker *m)
{
	static const char lines[] =
		"ffffffff81000000 T evil\033[2Jname\n"
		"ffffffff81000100 T a\"b\\c,d\n"
		"ffffffff81000200 T \303\244\n"
		"ffffffff81000300 T last\t[mod\"\\ule]\n"
		"nonsense\n";

	check(trace_writer_kallsyms(m->w, 0, lines, strlen(lines)),
	      "cannot write");
	for (unsigned int i = 0; i < 4; i++)
		put_exit(m, 0, (struct event_vmexit){
			.reason = EXIT_CPUID, .raw_code = 0x72,
			.handle_cycles = 1000 - i, .cr3 = ~0ull,
			.blocked_cycles = i ? 0 : 1ull << 63,
			.rip = TEXT_0 + i * 256 + 1 });
	put_hypercall(m, 0, (struct event_hypercall){
		.number = ~0ull, .cycles = ~0u });
}

/* I/O of a booting kernel, and at addresses where nobody is. */
static void make_devices(struct maker *m)
{
	static const struct {
		unsigned int vm, reason, count, cycles;
		uint64_t detail;
	} uses[] = {
		{ 0, EXIT_IO, 300, 9000, 0x3f8 | 1 << 16 | EVENT_DETAIL_WRITE },
		{ 0, EXIT_IO, 100, 5000, 0x3fd | 1 << 16 },
		{ 0, EXIT_IO, 40, 6000, 0x608 | 4 << 16 },
		{ 0, EXIT_IO, 10, 3000, 0x80 | 1 << 16 | EVENT_DETAIL_WRITE },
		{ 0, EXIT_IO, 2, 20000, 0x1f0 | 2 << 16 | EVENT_DETAIL_STRING |
		  EVENT_DETAIL_REP },
		{ 0, EXIT_MSR_WRITE, 200, 12000, 0x6e0 },
		{ 0, EXIT_MSR_READ, 20, 4000, 0x802 },
		{ 0, EXIT_MSR_READ, 50, 2000, 0xc0000080 },
		{ 0, EXIT_NPF, 30, 15000, 0xfec00010 },
		{ 0, EXIT_NPF, 3, 16000, 0xfed00004 },
		{ 0, EXIT_NPF, 70, 30000, 0x100000 },
		{ 1, EXIT_NPF, 60, 11000, 0xfee000b0 },
		{ 1, EXIT_MSR_READ, 1, 2500, 0x1b },
		{ 1, EXIT_IO, 6, 3000, 0x70 | 1 << 16 | EVENT_DETAIL_WRITE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(uses); i++)
		for (unsigned int n = 0; n < uses[i].count; n++)
			put_exit(m, 0, (struct event_vmexit){
				.h.vm = uses[i].vm, .reason = uses[i].reason,
				.handle_cycles = uses[i].cycles + n,
				.rip = TEXT_0, .detail = uses[i].detail });
}

/* comm NULL: gone. */
static void put_process(struct maker *m, unsigned int vm, uint64_t cr3,
			uint32_t pid, const char *comm)
{
	struct trace_process p = {
		.from_tsc = m->tsc[0], .cr3 = cr3, .pid = pid,
		.state = comm ? TRACE_PROCESS_SEEN : TRACE_PROCESS_GONE,
	};

	if (comm)
		memcpy(p.comm, comm, strnlen(comm, sizeof(p.comm) - 1));
	check(trace_writer_processes(m->w, vm, &p, 1), "cannot write");
}

/* `count` exits of each of two kinds, and a hypercall. */
static void put_work(struct maker *m, unsigned int vm, uint64_t cr3,
		     unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		put_exit(m, 0, (struct event_vmexit){
			.h.vm = vm, .reason = EXIT_CPUID, .raw_code = 0x72,
			.cpl_known = 3, .handle_cycles = 1000 + i, .cr3 = cr3,
			.rip = 0x401000 });
		put_exit(m, 0, (struct event_vmexit){
			.h.vm = vm, .reason = EXIT_IO, .raw_code = 0x7b,
			.handle_cycles = 5000 + i, .cr3 = cr3,
			.rip = TEXT_0 + 0x104 });
	}
	put_hypercall(m, 0, (struct event_hypercall){
		.h.vm = vm, .number = HC_NOP, .cycles = 200, .cr3 = cr3,
		.cpl_known = 3, .rip = 0x401000 });
}

/*
 * Page tables that pass from hand to hand, in two guests that have the same
 * ones; the second has a name that would break out of its quotes.
 */
static void make_processes(struct maker *m)
{
	put_work(m, 0, 0x2000, 1);		/* nobody known yet */
	put_process(m, 0, 0x8000, 0, "[kernel]");
	put_process(m, 0, 0x2000, 1, "init");
	put_process(m, 1, 0x2000, 1, "init");
	put_work(m, 0, 0x2000, 3);
	put_work(m, 1, 0x2000, 5);
	put_work(m, 0, 0x8000, 2);
	put_process(m, 0, 0x4000, 7, "sh");
	put_work(m, 0, 0x4801, 4);		/* PCID, and a new name */
	put_process(m, 0, 0x4000, 7, "find");
	put_work(m, 0, 0x5001, 20);		/* isolation's other table */
	put_process(m, 0, 0x4000, 0, NULL);
	put_work(m, 0, 0x4000, 2);
	put_process(m, 0, 0x4000, 9, "sh");
	put_work(m, 0, 0x4000, 6);
	put_process(m, 1, 0x6000, 77, "a\"b\\c,\033[2J\n");
	put_work(m, 1, 0x6000, 8);
	put_work(m, 1, 0x9000, 1);
	put_symbols(m, 0, TEXT_0);
}

/* One reason whose costs, most of them short, fall into 13 powers of two. */
static void make_spread(struct maker *m)
{
	for (unsigned int bits = 8; bits <= 20; bits++)
		for (unsigned int n = 0; n < 4096u >> (bits - 8); n++)
			put_exit(m, 0, (struct event_vmexit){
				.reason = EXIT_IO, .raw_code = 0x7b, .asid = 1,
				.handle_cycles = (1u << bits) - 1 - n % 50,
				.rip = TEXT_0 });
}

/* As many rows as there are exits, which nothing has a name for. */
static void make_addresses(struct maker *m)
{
	for (unsigned int i = 0; i < 2000000; i++)
		put_exit(m, 0, (struct event_vmexit){
			.reason = EXIT_NPF, .raw_code = 0x400, .asid = 1,
			.handle_cycles = 1000 + i % 5000,
			.rip = random_next() });
}

/* Each field is not known once, by the bits of EVENT_KNOWN_ALL; then none. */
static void make_not_known(struct maker *m)
{
	struct event_vmexit e = {
		.reason = EXIT_IO, .raw_code = 0x7b, .asid = 1,
		.handle_cycles = 1000, .blocked_cycles = 500, .cr3 = 0x1000,
		.rip = TEXT_0, .detail = 0x3f8 | 1 << 16,
		.isa_len = EVENT_ISA_LEN(ISA_SVM, 2),
	};
	struct event_tlb_flush flush = {
		.cause = TLB_CAUSE_NPT_CHANGED, .scope = TLB_SCOPE_CONTEXT,
		.isa = ISA_SVM,
	};
	struct event_hypercall call = { .number = HC_MARK, .isa = ISA_SVM };

	for (unsigned int bit = EVENT_KNOWN_RIP; bit <= EVENT_KNOWN_ALL;
	     bit <<= 1) {
		e.cpl_known = 3 | (EVENT_KNOWN_ALL & ~bit);
		put_exit_knowing(m, e);
	}
	e.cpl_known = 0;
	put_exit_knowing(m, e);
	put(m, 0, &flush.h, EVENT_TLB_FLUSH, sizeof(flush));
	put(m, 0, &call.h, EVENT_HYPERCALL, sizeof(call));
}

/* Page tables of one process, which nobody watched from some time on. */
static void make_unwatched(struct maker *m)
{
	struct trace_process end = { .state = TRACE_PROCESS_UNWATCHED };

	put_process(m, 0, 0x2000, 1, "init");
	put_work(m, 0, 0x2000, 5);
	end.from_tsc = m->tsc[0];
	check(trace_writer_processes(m->w, 0, &end, 1), "cannot write");
	put_work(m, 0, 0x2000, 3);
}

/* An exit that says how it was reached, by kernel code alone and from user
 * mode; the second in two slots. */
static void make_call_chains(struct maker *m)
{
	struct {
		struct event_call_chain chain;
		uint64_t more[8];
	} e = { .chain = { .frames = 2, .kernel_frames = 2,
			   .address = { TEXT_0 + 0x104, TEXT_0 + 0x2a4 } } };
	struct event_vmexit exit = {
		.reason = EXIT_MSR_WRITE, .raw_code = 0x7c, .asid = 1,
		.handle_cycles = 1500, .cr3 = 0x1000, .rip = TEXT_0,
		.detail = 0x6e0,
	};

	put_symbols(m, 0, TEXT_0);
	put_exit(m, 0, exit);
	m->tsc[0] -= 6500;
	put(m, 0, &e.chain.h, EVENT_CALL_CHAIN, sizeof(e.chain));
	m->tsc[0] += 6500;
	put_exit(m, 0, exit);
	m->tsc[0] -= 6500;
	e.chain.frames = 7;
	e.chain.kernel_frames = 5;
	for (unsigned int i = 0; i < 5; i++)
		e.chain.address[i] = TEXT_0 + 0x100 * i;
	e.more[0] = 0x401000;
	e.more[1] = 0x401234;
	put(m, 0, &e.chain.h, EVENT_CALL_CHAIN, sizeof(e));
}

static void make_empty(struct maker *m)
{
	(void)m;
}

struct trace {
	const char *name;
	void (*make)(struct maker *m);
	unsigned int isa, cpus, vms;
	uint64_t tsc_khz;
	bool deterministic, cut;
};

static const struct trace traces[] = {
	{ "few", make_few, ISA_SVM, 2, 1, 2500000, false, false },
	{ "svm", make_svm, ISA_SVM, 1, 1, 2500000, false, false },
	{ "vmx-two-vms", make_two_vms, ISA_VMX, 2, 2, 2000000, false, false },
	{ "losses", make_losses, ISA_SVM, 2, 1, 2500000, false, false },
	{ "gaps", make_long_losses, ISA_SVM, 2, 1, 1000000, false, false },
	{ "deterministic", make_svm, ISA_SVM, 1, 1, 1000000, true, false },
	{ "devices", make_devices, ISA_SVM, 2, 2, 2500000, false, false },
	{ "processes", make_processes, ISA_SVM, 1, 2, 2500000, false, false },
	{ "hostile", make_hostile, ISA_SVM, 1, 1, 2500000, false, false },
	{ "spread", make_spread, ISA_SVM, 1, 1, 1000000, false, false },
	{ "disorder", make_disorder, ISA_SVM, 1, 1, 2500000, false, false },
	{ "extreme", make_extreme, ISA_SVM, 1, 1, 2500000, false, false },
	{ "chunks", make_chunks, ISA_SVM, 2, 1, 2500000, false, false },
	{ "unwatched", make_unwatched, ISA_SVM, 1, 1, 2500000, false, false },
	{ "not-known", make_not_known, ISA_SVM, 1, 1, 2500000, false, false },
	{ "call-chains", make_call_chains, ISA_SVM, 1, 1, 2500000, false,
	  false },
	{ "empty", make_empty, ISA_SVM, 1, 1, 2500000, false, false },
	{ "cut", make_svm, ISA_SVM, 1, 1, 2500000, false, true },
};

/* Made only when they are named. */
static const struct trace large_traces[] = {
	{ "addresses", make_addresses, ISA_SVM, 1, 1, 2500000, false, false },
};

/* They stay as they are until the next call. */
static struct origin origin_of(const struct trace *t)
{
	static struct anchor_extent extent[CPUS_MAX];
	static struct origin_vm vm[CPUS_MAX];

	for (unsigned int i = 0; i < t->vms; i++) {
		extent[i].bytes = (256ull + i) << 20;
		vm[i] = (struct origin_vm){
			.state = VM_STATE_RUNNING,
			.vcpus = t->cpus / t->vms, .first_vcpu = i,
			.extents = 1, .extent = &extent[i],
		};
		sprintf(vm[i].name, t->make == make_hostile ?
			"\033[31mguest%u" : "guest%u", i);
	}
	return (struct origin){
		.abi_hash = 1,
		.isas = ORIGIN_ISA(t->isa),
		.clock = { .tsc_khz = t->tsc_khz,
			   .deterministic = t->deterministic },
		.cpus = t->cpus, .vms = t->vms, .vm = vm,
	};
}

static void trace_make(const struct trace *t, const char *dir)
{
	struct maker m = {
		.origin = origin_of(t),
		.isa = t->isa,
		.tsc = { 12345678901, 12345678901 },
	};
	struct trace_end end = { .cpus = t->cpus };
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/%s.data", dir, t->name);
	random_state = RANDOM_SEED;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	check(fd < 0 ? -errno : 0, path);
	m.w = trace_writer_open(fd, "make_trace", &m.origin);
	check(m.w ? 0 : -errno, path);
	t->make(&m);
	check(trace_writer_flush(m.w), path);
	if (!t->cut)
		check(trace_writer_finish(m.w, &end, m.count), path);
	trace_writer_close(m.w);
	close(fd);
}

/* make_trace DIR [NAME]: that large trace, or all the others. */
int main(int argc, char **argv)
{
	const char *name = argc == 3 ? argv[2] : NULL;

	if (argc != 2 && argc != 3) {
		fprintf(stderr, "usage: make_trace DIR [NAME]\n");
		return 2;
	}
	for (size_t i = 0; !name && i < ARRAY_SIZE(traces); i++)
		trace_make(&traces[i], argv[1]);
	for (size_t i = 0; name && i < ARRAY_SIZE(large_traces); i++)
		if (!strcmp(large_traces[i].name, name))
			trace_make(&large_traces[i], argv[1]);
	return 0;
}
