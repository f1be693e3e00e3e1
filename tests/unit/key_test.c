/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every row of keys.def: its value of an exit, of a flush and of a hypercall,
 * that value as text, and what stands in its place where there is none. A row
 * without a case here fails.
 */
#include "exit-analyzer/stats/key.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tracer/event/device_map.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define TEXT 0xffffffff81000000ull

static const char kallsyms[] =
	"ffffffff81000000 T native_cpuid\n"
	"ffffffff81000100 T _etext\n"
	"ffffffffc0000000 t vring_kick\t[virtio]\n"
	"ffffffffc0000080 t vring_last\t[virtio]\n";

static const struct trace_process changes[] = {
	{ .cr3 = 0x2000, .pid = 1, .comm = "init" },
	{ .cr3 = 0x4000, .pid = 7, .comm = "sh", .from_tsc = 50 },
};

static const struct anchor_extent ram = { .gpa = 0, .bytes = 1 << 20 };

/* the second VM has a list, of other devices than all PCs */
static const struct anchor_range ranges[] = {
	{ "rtc", 0x3f8, 8, ANCHOR_PORTS, 0 },
	{ "serial", 0xe0000000, 0x1000, ANCHOR_MEMORY, 0 },
	{ "unheard-of", 0x500, 1, ANCHOR_PORTS, 0 },
};

static const struct origin_vm vms[] = {
	{ .vcpus = 1, .extents = 1, .extent = &ram },
	{ .ranges = 3, .range = ranges },
};

static const struct origin origin = {
	.isas = ORIGIN_ISA(ISA_SVM), .clock.tsc_khz = 1000, .cpus = 2,
	.vms = 2, .vm = vms,
};

static struct guest guests[ANCHOR_VMS_MAX];
static struct key_context context;

static int setup(void **state)
{
	(void)state;
	context.origin = &origin;
	context.guests = guests;
	guest_use_symbols(&guests[0], symtab_from_kallsyms(
		kallsyms, strlen(kallsyms), NULL));
	guest_use_processes(&guests[0], process_map_new(changes,
							ARRAY_SIZE(changes)));
	return key_context_init(&context);
}

static int teardown(void **state)
{
	(void)state;
	key_context_exit(&context);
	guest_exit(&guests[0]);
	return 0;
}

/* A usual record, of which a case changes what it is about. */
#pragma GCC diagnostic ignored "-Woverride-init"
#define EXIT_WITH(...) \
	(const struct event_header *)&(const struct event_vmexit){ \
		.h = { .id = EVENT_VMEXIT, .slots = 1, .tsc = 100 }, \
		.vcpu = 3, .reason = EXIT_CPUID, .asid = 5, .cr3 = 0x4000, \
		.rip = TEXT + 4, .detail = 0x11, \
		.cpl_known = EVENT_KNOWN_ALL, __VA_ARGS__ }
#define FLUSH_WITH(...) \
	(const struct event_header *)&(const struct event_tlb_flush){ \
		.h = { .id = EVENT_TLB_FLUSH, .slots = 1, .tsc = 100 }, \
		.vcpu = 4, .asid = 6, .scope = TLB_SCOPE_ADDRESS, \
		.cause = TLB_CAUSE_GUEST_INVLPG, .guest = 1, .cr3 = 0x2000, \
		.rip = TEXT + 8, .known = EVENT_KNOWN_ALL, __VA_ARGS__ }
#define CALL_WITH(...) \
	(const struct event_header *)&(const struct event_hypercall){ \
		.h = { .id = EVENT_HYPERCALL, .slots = 2, .tsc = 100 }, \
		.vcpu = 2, .cpl_known = 3 | EVENT_KNOWN_ALL, .number = 77, \
		.cr3 = 0x2000, \
		.rip = TEXT + 12, __VA_ARGS__ }

struct one_case {
	enum key key;
	const struct event_header *ev;
	enum key_kind kind;
	uint64_t number;	/* unless the kind is a name or a process */
	const char *text, *tag;
};

static void assert_case(const struct one_case *c)
{
	struct key_value v = key_rows[c->key].of_event(&context, c->ev, 1);
	struct key_text t;

	key_print(&context, c->key, &v, &t);
	if (v.kind != c->kind || strcmp(t.text, c->text))
		print_error("key %s: kind %d, text '%s'\n",
			    key_rows[c->key].name, v.kind, t.text);
	assert_int_equal(v.kind, c->kind);
	if (c->kind != KEY_NAME && c->kind != KEY_PROCESS)
		assert_int_equal(v.number, c->number);
	assert_string_equal(t.text, c->text);
	if (c->tag)
		assert_string_equal(t.tag, c->tag);
	else
		assert_null(t.tag);
	assert_int_equal(key_compare(&context, c->key, &v, &v), 0);
}

static void every_key_has_its_value_and_text(void **state)
{
	const struct one_case cases[] = {
		{ BY_REASON, EXIT_WITH(), KEY_NUMBER, EXIT_CPUID, "cpuid", NULL },
		{ BY_REASON, EXIT_WITH(.reason = EXIT_REASONS), KEY_NUMBER,
		  EXIT_UNKNOWN, "unknown", NULL },
		{ BY_REASON, FLUSH_WITH(), KEY_NONE, 0, "-", NULL },
		{ BY_SYM, EXIT_WITH(), KEY_NAME, 0, "native_cpuid", NULL },
		{ BY_SYM, EXIT_WITH(.rip = 0xffffffffc0000001), KEY_NAME, 0,
		  "vring_kick", "virtio" },
		{ BY_SYM, EXIT_WITH(.rip = 0x7c00), KEY_NUMBER, 0x7c00,
		  "0x7c00", "unknown" },
		{ BY_SYM, EXIT_WITH(.h.vm = 1), KEY_NUMBER, TEXT + 4,
		  "0xffffffff81000004", "unknown" },
		{ BY_SYM, EXIT_WITH(.cpl_known = 3 | EVENT_KNOWN_ALL), KEY_USER, 0, "[user]", NULL },
		{ BY_SYM, CALL_WITH(), KEY_NONE, 0, "-", NULL },
		{ BY_RIP, EXIT_WITH(), KEY_NUMBER, TEXT + 4,
		  "0xffffffff81000004", NULL },
		{ BY_RIP, FLUSH_WITH(), KEY_NUMBER, TEXT + 8,
		  "0xffffffff81000008", NULL },
		{ BY_RIP, CALL_WITH(), KEY_NUMBER, TEXT + 12,
		  "0xffffffff8100000c", NULL },
		{ BY_VM, EXIT_WITH(.h.vm = 1), KEY_NUMBER, 1, "1", NULL },
		{ BY_VCPU, EXIT_WITH(), KEY_NUMBER, 3, "3", NULL },
		{ BY_VCPU, FLUSH_WITH(), KEY_NUMBER, 4, "4", NULL },
		{ BY_VCPU, CALL_WITH(), KEY_NUMBER, 2, "2", NULL },
		{ BY_CPU, EXIT_WITH(), KEY_NUMBER, 1, "1", NULL },
		{ BY_CR3, EXIT_WITH(), KEY_NUMBER, 0x4000, "0x4000", NULL },
		{ BY_CR3, FLUSH_WITH(), KEY_NUMBER, 0x2000, "0x2000", NULL },
		{ BY_CR3, CALL_WITH(), KEY_NUMBER, 0x2000, "0x2000", NULL },
		{ BY_CPL, EXIT_WITH(), KEY_NUMBER, 0, "0", NULL },
		{ BY_CPL, CALL_WITH(), KEY_NUMBER, 3, "3", NULL },
		{ BY_CPL, FLUSH_WITH(), KEY_NONE, 0, "-", NULL },
		{ BY_PROCESS, EXIT_WITH(), KEY_PROCESS, 0, "sh", NULL },
		{ BY_PROCESS, EXIT_WITH(.h.tsc = 49), KEY_UNKNOWN, 0, "[unknown]",
		  NULL },
		{ BY_PROCESS, EXIT_WITH(.cr3 = 0x9000), KEY_UNKNOWN, 0,
		  "[unknown]", NULL },
		{ BY_PROCESS, EXIT_WITH(.h.vm = 1), KEY_UNKNOWN, 0,
		  "[unknown]", NULL },
		{ BY_PROCESS, EXIT_WITH(.h.vm = EVENT_NO_VM), KEY_UNKNOWN, 0,
		  "[unknown]", NULL },
		{ BY_PROCESS, CALL_WITH(), KEY_PROCESS, 0, "init", NULL },
		{ BY_COMM, EXIT_WITH(), KEY_NAME, 0, "sh", NULL },
		{ BY_COMM, EXIT_WITH(.cr3 = 0x9000), KEY_UNKNOWN, 0,
		  "[unknown]", NULL },
		{ BY_PID, EXIT_WITH(), KEY_NUMBER, 7, "7", NULL },
		{ BY_PID, EXIT_WITH(.cr3 = 0x9000), KEY_UNKNOWN, 0,
		  "[unknown]", NULL },
		{ BY_DEVICE, EXIT_WITH(.reason = EXIT_IO, .detail = 0x3f8),
		  KEY_DEVICE, DEVICE_SERIAL, "serial", NULL },
		{ BY_DEVICE, EXIT_WITH(.reason = EXIT_IO,
				       .detail = 0x1f0 | 2 << 16), KEY_PORT,
		  0x1f0, "port 0x1f0", NULL },
		{ BY_DEVICE, EXIT_WITH(.reason = EXIT_NPF,
				       .detail = 0xfee000b0), KEY_DEVICE,
		  DEVICE_LAPIC, "local-apic", NULL },
		{ BY_DEVICE, EXIT_WITH(.reason = EXIT_NPF,
				       .detail = 0xfed00004), KEY_PAGE,
		  0xfed00000, "page 0xfed00000", NULL },
		{ BY_DEVICE, EXIT_WITH(.reason = EXIT_NPF, .detail = 0x1000),
		  KEY_NONE, 0, "-", NULL },
		{ BY_DEVICE, EXIT_WITH(.reason = EXIT_MSR_WRITE,
				       .detail = 0x6e0), KEY_DEVICE,
		  DEVICE_LAPIC, "local-apic", NULL },
		{ BY_DEVICE, EXIT_WITH(.reason = EXIT_MSR_READ,
				       .detail = 0xc0000080), KEY_NONE, 0,
		  "-", NULL },
		{ BY_DEVICE, EXIT_WITH(.h.vm = 1, .reason = EXIT_IO,
				       .detail = 0x3ff),
		  KEY_DEVICE, DEVICE_RTC, "rtc", NULL },
		{ BY_DEVICE, EXIT_WITH(.h.vm = 1, .reason = EXIT_IO,
				       .detail = 0x70),
		  KEY_PORT, 0x70, "port 0x70", NULL },
		{ BY_DEVICE, EXIT_WITH(.h.vm = 1, .reason = EXIT_IO,
				       .detail = 0x500),
		  KEY_PORT, 0x500, "port 0x500", NULL },
		{ BY_DEVICE, EXIT_WITH(.h.vm = 1, .reason = EXIT_NPF,
				       .detail = 0xe0000ffc),
		  KEY_DEVICE, DEVICE_SERIAL, "serial", NULL },
		{ BY_DEVICE, EXIT_WITH(), KEY_NONE, 0, "-", NULL },
		{ BY_PORT, EXIT_WITH(.reason = EXIT_IO,
				     .detail = 0x3f8 | EVENT_DETAIL_WRITE),
		  KEY_NUMBER, 0x3f8, "0x3f8", NULL },
		{ BY_PORT, EXIT_WITH(), KEY_NONE, 0, "-", NULL },
		{ BY_MSR, EXIT_WITH(.reason = EXIT_MSR_READ, .detail = 0x1b),
		  KEY_NUMBER, 0x1b, "0x1b", NULL },
		{ BY_MSR, EXIT_WITH(.reason = EXIT_MSR_WRITE), KEY_NUMBER,
		  0x11, "0x11", NULL },
		{ BY_MSR, EXIT_WITH(.reason = EXIT_MSR_READ,
				    .detail = 0x1b | EVENT_DETAIL_REFUSED),
		  KEY_NUMBER, 0x1b | EVENT_DETAIL_REFUSED, "0x1b", "refused" },
		{ BY_MSR, EXIT_WITH(), KEY_NONE, 0, "-", NULL },
		{ BY_GPA, EXIT_WITH(.reason = EXIT_NPF), KEY_NUMBER, 0x11,
		  "0x11", NULL },
		{ BY_GPA, EXIT_WITH(), KEY_NONE, 0, "-", NULL },
		{ BY_ASID, EXIT_WITH(), KEY_NUMBER, 5, "5", NULL },
		{ BY_ASID, FLUSH_WITH(), KEY_NUMBER, 6, "6", NULL },
		{ BY_ASID, CALL_WITH(), KEY_NONE, 0, "-", NULL },
		{ BY_HYPERCALL, EXIT_WITH(.reason = EXIT_HYPERCALL),
		  KEY_NUMBER, 0x11, "17", NULL },
		{ BY_HYPERCALL, CALL_WITH(), KEY_NUMBER, 77, "77", NULL },
		{ BY_HYPERCALL, EXIT_WITH(), KEY_NONE, 0, "-", NULL },
		{ BY_DETAIL, EXIT_WITH(), KEY_NUMBER, 0x11, "0x11", NULL },
		{ BY_DETAIL, CALL_WITH(), KEY_NONE, 0, "-", NULL },
		{ BY_CAUSE, FLUSH_WITH(), KEY_NUMBER, TLB_CAUSE_GUEST_INVLPG,
		  "guest-invlpg", NULL },
		{ BY_CAUSE, EXIT_WITH(), KEY_NONE, 0, "-", NULL },
		{ BY_SCOPE, FLUSH_WITH(), KEY_NUMBER, TLB_SCOPE_ADDRESS,
		  "address", NULL },
		{ BY_SCOPE, EXIT_WITH(), KEY_NONE, 0, "-", NULL },
		{ BY_GUEST, FLUSH_WITH(), KEY_NUMBER, 1, "yes", NULL },
		{ BY_GUEST, FLUSH_WITH(.guest = 0), KEY_NUMBER, 0, "no", NULL },
		{ BY_GUEST, EXIT_WITH(), KEY_NONE, 0, "-", NULL },
	};
	bool tried[KEYS] = { false };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_case(&cases[i]);
		tried[cases[i].key] = true;
	}
	for (int key = 0; key < KEYS; key++) {
		if (!tried[key])
			print_error("no case for key %s\n", key_rows[key].name);
		assert_true(tried[key]);
	}
}

/* A row says of records what its function gives. */
static void keys_have_the_records_they_claim(void **state)
{
	const struct {
		unsigned int bit;
		const struct event_header *ev;
	} kinds[] = {
		{ KEY_FLUSHES, FLUSH_WITH() }, { KEY_CALLS, CALL_WITH() },
	};

	(void)state;
	for (int key = 0; key < KEYS; key++) {
		const struct key_row *row = &key_rows[key];

		assert_true(row->records & (KEY_EXITS | KEY_FLUSHES |
					    KEY_CALLS));
		assert_true(row->width > 0);
		assert_true(*row->name && *row->heading && *row->help);
		for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
			struct key_value v = row->of_event(&context,
							   kinds[i].ev, 0);

			assert_int_equal(v.kind == KEY_NONE,
					 !(row->records & kinds[i].bit));
		}
	}
}

static void names_come_before_addresses(void **state)
{
	const struct key_value symbol = key_rows[BY_SYM].of_event(
		&context, EXIT_WITH(), 0);
	const struct key_value module = key_rows[BY_SYM].of_event(
		&context, EXIT_WITH(.rip = 0xffffffffc0000001), 0);
	const struct key_value low = { 1, KEY_NUMBER };
	const struct key_value high = { 2, KEY_NUMBER };
	const struct key_value user = { 0, KEY_USER };

	(void)state;
	assert_true(key_compare(&context, BY_SYM, &symbol, &module) < 0);
	assert_true(key_compare(&context, BY_SYM, &module, &symbol) > 0);
	assert_true(key_compare(&context, BY_SYM, &module, &low) < 0);
	assert_true(key_compare(&context, BY_SYM, &low, &high) < 0);
	assert_true(key_compare(&context, BY_SYM, &high, &low) > 0);
	assert_true(key_compare(&context, BY_SYM, &user, &symbol) < 0);
}

/* Other records' keys are unknown to those who group exits. */
static void only_keys_of_the_records_are_parsed(void **state)
{
	enum key keys[KEYS];
	char bad[16];

	(void)state;
	assert_int_equal(key_parse("device,port", KEY_EXITS, keys, bad,
				   sizeof(bad)), 2);
	assert_int_equal(keys[0], BY_DEVICE);
	assert_int_equal(keys[1], BY_PORT);
	assert_int_equal(key_parse("reason,cause", KEY_EXITS, keys, bad,
				   sizeof(bad)), -EINVAL);
	assert_string_equal(bad, "cause");
	assert_int_equal(key_parse("cause,asid", KEY_FLUSHES, keys, bad,
				   sizeof(bad)), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_has_its_value_and_text),
		cmocka_unit_test(keys_have_the_records_they_claim),
		cmocka_unit_test(names_come_before_addresses),
		cmocka_unit_test(only_keys_of_the_records_are_parsed),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
