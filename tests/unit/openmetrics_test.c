/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text that is served, line by line. (A parser of the format's own people
 * reads a whole one in tests/vmtop/serve.)
 */
#include "vmtop/serve/openmetrics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct metrics m;
static char *text;

static void print(enum openmetrics_format format)
{
	size_t bytes;
	FILE *to = open_memstream(&text, &bytes);

	assert_non_null(to);
	for (size_t i = 0; i < openmetrics_parts(&m); i++)
		openmetrics_print(to, &m, format, i);
	assert_int_equal(fclose(to), 0);
}

/* How often it stands there as whole lines. */
static unsigned int lines(const char *wanted)
{
	size_t bytes = strlen(wanted);
	unsigned int n = 0;

	for (const char *at = text; (at = strstr(at, wanted)); at += bytes)
		n += (at == text || at[-1] == '\n') && at[bytes] == '\n';
	return n;
}

#define HAS(line) assert_int_equal(lines(line), 1)

static int setup(void **state)
{
	static struct snapshot_vcpu vcpu[] = {
		{ .running = 1, .irqs_known = true, .irqs_injected = 12 },
		/* of no VM: nobody can be asked */
		{ .vm = SNAPSHOT_NO_VM, .running = -1 },
	};
	static struct snapshot_exit row[] = {
		{ .vm = 0, .vcpu = 0, .reason = EXIT_HLT,
		  .blocked_cycles = 500,
		  .handle = { .count = 4, .cycles = 3000000001 } },
		{ .vm = 0, .vcpu = SNAPSHOT_ALL, .reason = EXIT_HLT,
		  .handle = { .count = 4, .cycles = 3000000001 },
		  .within = { 1, 0, 2 } },
	};
	static struct snapshot_tlb tlb = {
		.asid = 7, .cause = TLB_CAUSE_VCPU_MOVED, .count = 9 };
	static struct snapshot_hypercall call = {
		.number = ~0ull, .cost = { .count = 2, .cycles = 100 } };
	static struct snapshot snap = {
		.tsc_khz = 1000000, .vms = 1,
		.vm[0] = { .name = "a\"b\\c", .state = VM_STATE_RUNNING,
			   .vcpus = 1, .ram_bytes = 1 << 28 },
		.vcpu = vcpu, .vcpus = 2, .exit = row, .exits = 2,
		.tlb = &tlb, .tlbs = 1, .hypercall = &call, .hypercalls = 1,
		.read = (1ull << 60) + 1, .waiting = 17,
	};
	struct watch_status status = { .own_cpu_s = 0.25, .own_bytes = 4096 };

	(void)state;
	memset(&m, 0, sizeof(m));
	assert_int_equal(metrics_add(&m, "m\n0", 1, false, &snap), 0);
	metrics_interval(&m, &status, 0.1);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	metrics_clear(&m);
	free(text);
	text = NULL;
	return 0;
}

static void heads_are_openmetrics(void **state)
{
	(void)state;
	print(OPENMETRICS_1_0);
	HAS("# TYPE vmprof_exits counter");
	HAS("# TYPE vmprof_build info");
	HAS("# UNIT vmprof_exit_handling_seconds seconds");
	assert_string_equal(text + strlen(text) - 6, "# EOF\n");
	HAS("# EOF");
	assert_null(strstr(text, "\n\n"));
}

static void heads_are_prometheus(void **state)
{
	(void)state;
	print(OPENMETRICS_TEXT);
	HAS("# TYPE vmprof_exits_total counter");
	HAS("# TYPE vmprof_build_info gauge");
	HAS("# TYPE vmprof_exit_handling_seconds histogram");
	assert_null(strstr(text, "# UNIT"));
	assert_null(strstr(text, "# EOF"));
}

static void samples_are_exact(void **state)
{
	(void)state;
	print(OPENMETRICS_1_0);
	HAS("vmprof_exporter_cpu_seconds_total 0.25");
	HAS("vmprof_exporter_memory_bytes 4096");
	HAS("vmprof_intervals_total 1");
	HAS("vmprof_interval_seconds 0.1");
	HAS("vmprof_machine_up{machine=\"m\\n0\"} 1");
	HAS("vmprof_records_read_total{machine=\"m\\n0\"} 1152921504606846977");
	HAS("vmprof_records_waiting{machine=\"m\\n0\"} 17");
#define VM "{machine=\"m\\n0\",vm=\"a\\\"b\\\\c\""
	HAS("vmprof_vm_state" VM ",state=\"running\"} 1");
	HAS("vmprof_vm_state" VM ",state=\"crashed\"} 0");
	HAS("vmprof_vm_memory_bytes" VM "} 268435456");
	HAS("vmprof_vcpu_running" VM ",vcpu=\"0\"} 1");
	HAS("vmprof_vcpu_handling_seconds_total" VM ",vcpu=\"0\"} 3.000000001");
	HAS("vmprof_exits_total" VM ",vcpu=\"0\",reason=\"hlt\"} 4");
	HAS("vmprof_exit_blocked_seconds_total" VM
	    ",vcpu=\"0\",reason=\"hlt\"} 5e-07");
	HAS("vmprof_irqs_injected_total" VM ",vcpu=\"0\"} 12");
	assert_null(strstr(text, "vmprof_irqs_injected_total{machine=\"m\\n0\","
			   "vm=\"\""));
	HAS("vmprof_tlb_flushes_total" VM
	    ",asid=\"7\",cause=\"vcpu-moved\"} 9");
	HAS("vmprof_hypercalls_total" VM
	    ",number=\"0xffffffffffffffff\",name=\"\"} 2");
	HAS("vmprof_hypercall_seconds_total" VM
	    ",number=\"0xffffffffffffffff\",name=\"\"} 1e-07");
}

/* Cumulative; what is above the last bound is in +Inf alone. */
static void buckets_are_cumulative(void **state)
{
#define COST(part) "vmprof_exit_handling_seconds" part VM ",reason=\"hlt\""
	(void)state;
	print(OPENMETRICS_1_0);
	HAS(COST("_bucket") ",le=\"1e-07\"} 1");
	HAS(COST("_bucket") ",le=\"2e-07\"} 1");
	HAS(COST("_bucket") ",le=\"5e-07\"} 3");
	HAS(COST("_bucket") ",le=\"1.0\"} 3");
	HAS(COST("_bucket") ",le=\"+Inf\"} 4");
	HAS(COST("_count") "} 4");
	HAS(COST("_sum") "} 3.000000001");
}

/* Counters stay to be collected; what was true then is not said any more. */
static void gone_machines_keep_counters_only(void **state)
{
	(void)state;
	metrics_interval(&m, &(struct watch_status){ .at_s = 1 }, 0.1);
	print(OPENMETRICS_1_0);
	HAS("vmprof_machine_up{machine=\"m\\n0\"} 0");
	HAS("vmprof_exits_total" VM ",vcpu=\"0\",reason=\"hlt\"} 4");
	assert_null(strstr(text, "\nvmprof_records_waiting{"));
	assert_null(strstr(text, "\nvmprof_vm_state{"));
	assert_null(strstr(text, "\nvmprof_vcpu_running{"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(heads_are_openmetrics),
		TEST(heads_are_prometheus),
		TEST(samples_are_exact),
		TEST(buckets_are_cumulative),
		TEST(gone_machines_keep_counters_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
