/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "tests/source_next.h"
#include "tracer/source/kvm_pairs.h"

/* As a kernel before 5.10 has it: kvm_exit without vcpu_id and intr_info. */
static const char old_exit[] =
	"name: kvm_exit\nID: 21\nformat:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\n"
	"\tfield:unsigned int exit_reason;\toffset:8;\tsize:4;\tsigned:0;\n"
	"\tfield:unsigned long guest_rip;\toffset:16;\tsize:8;\tsigned:0;\n"
	"\tfield:u32 isa;\toffset:24;\tsize:4;\tsigned:0;\n"
	"\tfield:u64 info1;\toffset:32;\tsize:8;\tsigned:0;\n"
	"\tfield:u64 info2;\toffset:40;\tsize:8;\tsigned:0;\n"
	"\nprint fmt: \"field:u64 no; offset:0; size:8;\"\n";
static const char entry[] =
	"name: kvm_entry\nID: 22\nformat:\n"
	"\tfield:unsigned int vcpu_id;\toffset:8;\tsize:4;\tsigned:0;\n";
static const char hypercall[] =
	"name: kvm_hypercall\nID: 23\nformat:\n"
	"\tfield:unsigned long nr;\toffset:8;\tsize:8;\tsigned:0;\n"
	"\tfield:unsigned long a0;\toffset:16;\tsize:8;\tsigned:0;\n"
	"\tfield:unsigned long a3;\toffset:24;\tsize:8;\tsigned:0;\n";
static const char msr[] =
	"name: kvm_msr\nID: 24\nformat:\n"
	"\tfield:unsigned write;\toffset:8;\tsize:4;\tsigned:0;\n"
	"\tfield:u32 ecx;\toffset:12;\tsize:4;\tsigned:0;\n";
static const char fault[] =
	"name: kvm_page_fault\nID: 25\nformat:\n"
	"\tfield:u64 fault_address;\toffset:8;\tsize:8;\tsigned:0;\n";
static const char other[] =
	"name: kvm_emulate_insn\nID: 26\nformat:\n"
	"\tfield:u64 rip;\toffset:8;\tsize:8;\tsigned:0;\n";

#define VMX	1		/* KVM's numbers */
#define SVM	2

static struct kvm_formats formats;
static struct made_source *to;
static struct kvm_pairs *pairs;

static int begin(void **state)
{
	static const char *const texts[] = { old_exit, entry, hypercall, msr,
					     fault, other };

	(void)state;
	memset(&formats, 0, sizeof(formats));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		kvm_formats_add(&formats, texts[i], strlen(texts[i]));
	to = made_source_new();
	pairs = to ? kvm_pairs_new(&formats, to) : NULL;
	return pairs ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	kvm_pairs_free(pairs);
	made_source_free(to);
	return 0;
}

/* The words behind a tracepoint's first 8 bytes. */
static int pass(uint64_t time, uint32_t tid, uint32_t cpu, uint16_t id,
		uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	uint64_t raw[6] = { id, a, b, c, d };

	return kvm_pairs_add(pairs, &(struct kvm_passed){
		.time = time, .pid = 100, .tid = tid, .cpu = cpu,
		.raw = (const char *)raw, .bytes = sizeof(raw) });
}

static int pass_exit(uint64_t time, uint32_t tid, uint32_t cpu,
		     uint32_t code, uint64_t isa, uint64_t info1)
{
	return pass(time, tid, cpu, 21, code, 0x1000 + time, isa, info1);
}

static int pass_entry(uint64_t time, uint32_t tid, uint32_t cpu,
		      uint32_t vcpu)
{
	return pass(time, tid, cpu, 22, vcpu, 0, 0, 0);
}

/* Ends the making; the next record of the source. */
static const struct event_vmexit *next(void)
{
	const struct event_header *ev;
	unsigned int cpu;

	assert_int_equal(source_next(&to->s, &ev, &cpu), 1);
	return (const struct event_vmexit *)ev;
}

static void made(void)
{
	assert_int_equal(kvm_pairs_end(pairs), 0);
	assert_int_equal(made_source_begin(to), 0);
}

static void exit_and_entry_are_one_record(void **state)
{
	const struct event_vmexit *ev;

	(void)state;
	pass_entry(5, 7, 0, 3);
	pass_exit(10, 7, 0, 12, VMX, 0);
	pass_entry(40, 7, 1, 3);
	pass_exit(50, 7, 1, 0x80000001 | 10, VMX, 0);
	pass_entry(51, 7, 1, 3);
	made();
	ev = next();
	assert_int_equal(ev->h.tsc, 10);
	assert_int_equal(ev->vcpu, 3);
	assert_int_equal(ev->reason, EXIT_HLT);
	assert_int_equal(ev->rip, 0x100a);
	/* a vCPU that waits is blocked */
	assert_int_equal(ev->blocked_cycles, 30);
	assert_int_equal(ev->handle_cycles, 0);
	assert_int_equal(ev->cpl_known & (EVENT_KNOWN_CPL | EVENT_KNOWN_CR3 |
					  EVENT_KNOWN_ASID), 0);
	ev = next();
	/* flags stand above Intel's code */
	assert_int_equal(ev->raw_code, 11);
	assert_int_equal(ev->handle_cycles, 1);
	assert_int_equal(to->s.origin.isas, ORIGIN_ISA(ISA_VMX));
}

static void what_stands_between_tells_more(void **state)
{
	const struct event_hypercall *call;
	const struct event_vmexit *ev;

	(void)state;
	pass_entry(5, 7, 0, 0);
	pass_exit(10, 7, 0, 18, VMX, 0);
	pass(11, 7, 0, 23, 5, 0x11, 0x44, 0);
	pass_entry(12, 7, 0, 0);
	pass_exit(20, 7, 0, 0x7c, SVM, 0);
	pass(21, 7, 0, 24, 1 | 0x830ull << 32, 0, 0, 0);
	pass_entry(22, 7, 0, 0);
	pass_exit(30, 7, 0, 48, VMX, 2);
	pass(31, 7, 0, 25, 0xfee00000, 0, 0, 0);
	/* not a page fault's: the exit is another by now */
	pass_entry(32, 7, 0, 0);
	pass(33, 7, 0, 25, 0x5000, 0, 0, 0);
	/* and this tracepoint says nothing that is of use */
	pass(34, 7, 0, 26, 1, 2, 3, 4);
	made();
	call = (const void *)next();
	assert_int_equal(call->h.id, EVENT_HYPERCALL);
	assert_int_equal(call->number, 5);
	assert_int_equal(call->args[0], 0x11);
	assert_int_equal(call->args[3], 0x44);
	assert_int_equal(call->cpl_known, EVENT_KNOWN_RIP | EVENT_KNOWN_ARGS);
	ev = next();
	assert_int_equal(ev->reason, EXIT_HYPERCALL);
	assert_int_equal(ev->detail, 5);
	ev = next();
	assert_int_equal(ev->reason, EXIT_MSR_WRITE);
	assert_int_equal(ev->detail, 0x830);
	ev = next();
	assert_int_equal(ev->reason, EXIT_NPF);
	assert_int_equal(EVENT_NPF_GPA_OF(ev->detail), 0xfee00000);
	assert_int_equal(EVENT_NPF_ACCESS_OF(ev->detail), EVENT_ACCESS_UNKNOWN);
	/* of both vendors */
	assert_string_equal(origin_isa_name(&to->s.origin), "mixed");
}

static void cost_without_an_entry_is_not_known(void **state)
{
	const struct event_vmexit *ev;
	const struct event_lost *lost;
	struct source_cpu_counts c;

	(void)state;
	/* before its thread's first entry an exit is nobody's */
	pass_exit(1, 7, 0, 10, VMX, 0);
	pass_exit(2, 7, 0, 10, VMX, 0);
	pass_entry(3, 7, 0, 0);
	/* the entry may be among what was lost here */
	pass_exit(10, 7, 0, 10, VMX, 0);
	assert_int_equal(kvm_pairs_lost(pairs, 0, 15, 4), 0);
	pass_entry(20, 7, 0, 0);
	pass_exit(30, 7, 0, 10, VMX, 0);
	made();
	lost = (const void *)next();
	assert_int_equal(lost->h.id, EVENT_LOST);
	assert_int_equal(lost->missed, 1);
	ev = next();
	assert_int_equal(ev->handle_cycles, 1);
	ev = next();
	assert_int_equal(ev->h.tsc, 10);
	assert_int_equal(ev->cpl_known & EVENT_KNOWN_COST, 0);
	assert_int_equal(ev->handle_cycles, 0);
	lost = (const void *)next();
	assert_int_equal(lost->missed, 4);
	assert_int_equal(lost->resumed_tsc, 15);
	ev = next();
	assert_int_equal(ev->h.tsc, 30);
	assert_int_equal(ev->cpl_known & EVENT_KNOWN_COST, 0);
	source_counts(&to->s, 0, &c);
	assert_int_equal(c.written, 8);
	assert_int_equal(c.read, 3);
	assert_int_equal(c.missed, 5);
}

static void numbers_too_large_are_refused(void **state)
{
	(void)state;
	assert_int_equal(pass_entry(1, 7, ANCHOR_CPUS_MAX, 0), -E2BIG);
	assert_int_equal(pass_entry(1, 7, 0, ANCHOR_VCPUS_MAX), -E2BIG);
	assert_int_equal(pass_entry(1, 7, ANCHOR_CPUS_MAX - 1,
				    ANCHOR_VCPUS_MAX - 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(exit_and_entry_are_one_record,
						begin, end),
		cmocka_unit_test_setup_teardown(what_stands_between_tells_more,
						begin, end),
		cmocka_unit_test_setup_teardown(
			cost_without_an_entry_is_not_known, begin, end),
		cmocka_unit_test_setup_teardown(numbers_too_large_are_refused,
						begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
