/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every kind of place that a record can have in a guest, and whose address
 * space it was.
 */
#include "tracer/symbol/guest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define TEXT 0xffffffff81000000ull
#define MODULE 0xffffffffc0000000ull
#define KERNEL (EVENT_KNOWN_RIP | EVENT_KNOWN_CPL)

static const char kallsyms[] =
	"ffffffff81000000 T native_cpuid\n"
	"ffffffff81000100 T default_idle\n"
	"ffffffff81000200 T _etext\n"
	"ffffffffc0000000 t vring_kick\t[virtio]\n"
	"ffffffffc0000080 t vring_last\t[virtio]\n";
/* the same addresses, another kernel */
static const char others_kallsyms[] =
	"ffffffff81000000 T other_kernel\n"
	"ffffffff81000200 T _etext\n";

/* A table that two processes have, one after the other. */
static const struct trace_process changes[] = {
	{ .from_tsc = 100, .cr3 = 0x2000, .pid = 1, .comm = "init" },
	{ .from_tsc = 200, .cr3 = 0x4000, .pid = 7, .comm = "sh" },
	{ .from_tsc = 300, .cr3 = 0x4000, .state = TRACE_PROCESS_GONE },
	{ .from_tsc = 400, .cr3 = 0x4000, .pid = 9, .comm = "ls" },
};

static struct guest guest;

static int setup(void **state)
{
	(void)state;
	guest_use_symbols(&guest, symtab_from_kallsyms(
		kallsyms, strlen(kallsyms), NULL));
	guest_use_processes(&guest, process_map_new(changes,
						    ARRAY_SIZE(changes)));
	return guest.symtab && guest.processes ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	guest_exit(&guest);
	return 0;
}

static struct guest_place resolve(uint64_t rip, uint8_t cpl_known)
{
	const struct guest_point at = { .rip = rip, .cr3 = 0x2000, .tsc = 100,
					.cpl_known = cpl_known };
	struct guest_place place;

	memset(&place, 0xff, sizeof(place));
	guest_resolve(&guest, &at, &place);
	return place;
}

static void assert_function(uint64_t rip, const char *name, const char *module,
			    uint64_t address)
{
	struct guest_place place = resolve(rip, KERNEL);

	assert_int_equal(place.kind, GUEST_PLACE_FUNCTION);
	assert_string_equal(place.function->name, name);
	assert_int_equal(place.function->address, address);
	if (module)
		assert_string_equal(place.function->module, module);
	else
		assert_null(place.function->module);
}

static void assert_nowhere(uint64_t rip, uint8_t cpl_known,
			   enum guest_place_kind kind)
{
	struct guest_place place = resolve(rip, cpl_known);

	assert_int_equal(place.kind, kind);
	assert_null(place.function);
}

static void code_of_the_kernel_and_of_modules_is_a_function(void **state)
{
	(void)state;
	/* twice: what is remembered is the same */
	for (int round = 0; round < 2; round++) {
		assert_function(TEXT, "native_cpuid", NULL, TEXT);
		assert_function(TEXT + 0x1ff, "default_idle", NULL,
				TEXT + 0x100);
		assert_function(MODULE + 4, "vring_kick", "virtio", MODULE);
	}
}

static void code_of_no_function_is_an_address(void **state)
{
	(void)state;
	for (int round = 0; round < 2; round++) {
		assert_nowhere(0, KERNEL, GUEST_PLACE_ADDRESS);
		assert_nowhere(0x7c00, KERNEL, GUEST_PLACE_ADDRESS);
		assert_nowhere(TEXT + 0x200, KERNEL, GUEST_PLACE_ADDRESS);
		assert_nowhere(~0ull, KERNEL, GUEST_PLACE_ADDRESS);
	}
}

static void user_mode_is_user_mode_wherever_it_was(void **state)
{
	(void)state;
	assert_nowhere(TEXT, 3 | KERNEL, GUEST_PLACE_USER);
	assert_nowhere(0x400000, 3 | EVENT_KNOWN_CPL, GUEST_PLACE_USER);
	/* CPL 3 counts only where the CPL is known */
	assert_nowhere(0, 3, GUEST_PLACE_UNKNOWN);
	assert_int_equal(resolve(TEXT, 3 | EVENT_KNOWN_RIP).kind,
			 GUEST_PLACE_FUNCTION);
	for (int cpl = 0; cpl < 3; cpl++)
		assert_int_equal(resolve(TEXT, cpl | KERNEL).kind,
				 GUEST_PLACE_FUNCTION);
}

static void a_rip_that_is_not_known_is_not_looked_up(void **state)
{
	(void)state;
	assert_nowhere(TEXT, 0, GUEST_PLACE_UNKNOWN);
	assert_nowhere(TEXT, EVENT_KNOWN_CPL, GUEST_PLACE_UNKNOWN);
	assert_nowhere(TEXT, EVENT_KNOWN_ALL & ~EVENT_KNOWN_RIP,
		       GUEST_PLACE_UNKNOWN);
}

static const struct process_name *owner_at(uint64_t cr3, uint64_t tsc,
					   uint8_t cpl_known)
{
	const struct guest_point at = { .cr3 = cr3, .tsc = tsc,
					.cpl_known = cpl_known };
	struct guest_place place;

	guest_resolve(&guest, &at, &place);
	return place.process;
}

static void an_address_space_has_the_owner_of_its_time(void **state)
{
	(void)state;
	for (int round = 0; round < 2; round++) {
		assert_int_equal(owner_at(0x2000, 500, EVENT_KNOWN_CR3)->pid,
				 1);
		assert_null(owner_at(0x4000, 199, EVENT_KNOWN_CR3));
		assert_int_equal(owner_at(0x4000, 200, EVENT_KNOWN_CR3)->pid,
				 7);
		assert_null(owner_at(0x4000, 300, EVENT_KNOWN_CR3));
		assert_int_equal(owner_at(0x4000, 400, EVENT_KNOWN_ALL)->pid,
				 9);
	}
	assert_null(owner_at(0x8000, 500, EVENT_KNOWN_CR3));
	assert_null(owner_at(0x2000, 500, EVENT_KNOWN_ALL & ~EVENT_KNOWN_CR3));
	/* of user mode, too */
	assert_int_equal(owner_at(0x2000, 500, 3 | EVENT_KNOWN_ALL)->pid, 1);
}

static void other_symbols_leave_nothing_of_those_before(void **state)
{
	(void)state;
	assert_function(TEXT + 8, "native_cpuid", NULL, TEXT);
	guest_use_symbols(&guest, symtab_from_kallsyms(
		others_kallsyms, strlen(others_kallsyms), NULL));
	assert_function(TEXT + 8, "other_kernel", NULL, TEXT);
	assert_nowhere(MODULE + 4, KERNEL, GUEST_PLACE_ADDRESS);
	guest_use_symbols(&guest, NULL);
	assert_nowhere(TEXT + 8, KERNEL, GUEST_PLACE_ADDRESS);
}

static void check_knows_nothing(struct guest *of)
{
	const struct guest_point at = { .rip = TEXT, .cr3 = 0x2000, .tsc = 100,
					.cpl_known = EVENT_KNOWN_ALL };
	struct guest_place place;

	guest_resolve(of, &at, &place);
	assert_int_equal(place.kind, GUEST_PLACE_ADDRESS);
	assert_null(place.function);
	assert_null(place.process);
}

static void of_nothing_nothing_is_known(void **state)
{
	struct guest none = { 0 };

	(void)state;
	check_knows_nothing(NULL);
	check_knows_nothing(&none);
	guest_exit(&none);
}

/* More addresses than are remembered, there and back. */
static void what_is_remembered_is_what_the_table_says(void **state)
{
	unsigned int seed = 3;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		uint64_t rip = TEXT - 0x8000 + rand_r(&seed) % 0x10000;

		assert_ptr_equal(resolve(rip, KERNEL).function,
				 symtab_lookup(guest.symtab, rip));
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(code_of_the_kernel_and_of_modules_is_a_function),
		TEST(code_of_no_function_is_an_address),
		TEST(user_mode_is_user_mode_wherever_it_was),
		TEST(a_rip_that_is_not_known_is_not_looked_up),
		TEST(an_address_space_has_the_owner_of_its_time),
		TEST(other_symbols_leave_nothing_of_those_before),
		TEST(of_nothing_nothing_is_known),
		TEST(what_is_remembered_is_what_the_table_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
