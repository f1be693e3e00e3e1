/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Origins: more VMs, vCPUs and CPUs than today's core has, and counts that
 * must be refused.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/trace_maker.h"
#include "tracer/event/origin.h"
#include "tracer/file/machine_chunk.h"

#define CPUS	64
#define VMS	64
#define VCPUS	128

/* 64 VMs of two vCPUs each: VM i has i extents of 1 MiB and a UART. */
static void many_make(struct origin *o)
{
	static const struct anchor_range uart = {
		"serial", 0x3f8, 8, ANCHOR_PORTS, 0,
	};
	static struct anchor_extent extent[VMS];

	*o = (struct origin){
		.isas = ORIGIN_ISA(ISA_SVM), .clock.tsc_khz = 1000,
		.cpus = CPUS,
	};
	for (unsigned int i = 0; i < VMS; i++) {
		struct origin_vm vm = {
			.first_vcpu = 2 * i, .vcpus = 2,
			.extents = i, .extent = extent,
			.ranges = 1, .range = &uart,
		};

		extent[i] = (struct anchor_extent){
			.gpa = (uint64_t)i << 32, .bytes = 1 << 20 };
		snprintf(vm.name, sizeof(vm.name), "guest%u", i);
		assert_null(origin_add_vm(o, &vm));
	}
}

static void tables_have_counts_and_no_limit(void **state)
{
	unsigned int vcpus = 0;
	struct origin o;

	(void)state;
	many_make(&o);
	assert_null(origin_fault(&o));
	assert_int_equal(o.vms, VMS);
	for (unsigned int i = 0; i < VMS; i++) {
		const struct origin_vm *vm = origin_vm(&o, i);
		char name[32];

		snprintf(name, sizeof(name), "guest%u", i);
		assert_string_equal(vm->name, name);
		assert_int_equal(vm->first_vcpu, vcpus);
		vcpus += vm->vcpus;
		assert_int_equal(origin_vm_ram_bytes(vm), (uint64_t)i << 20);
		assert_int_equal(origin_vm_has_ram(vm, 0), i > 0);
		assert_int_equal(origin_vm_has_ram(vm, 62ull << 32), i == 63);
		assert_false(origin_vm_has_ram(vm, 1 << 20));
		assert_string_equal(vm->range[0].name, "serial");
	}
	assert_int_equal(vcpus, VCPUS);
	assert_null(origin_vm(&o, VMS));
	assert_null(origin_vm(&o, ~0u));
	origin_exit(&o);
	assert_int_equal(o.vms, 0);
}

static void a_file_refuses_more_than_it_has_room_for(void **state)
{
	struct trace_machine m;
	struct origin o;

	(void)state;
	many_make(&o);
	assert_int_equal(machine_chunk_make(&m, &o), -E2BIG);
	origin_exit(&o);
}

static void a_vm_must_make_sense(void **state)
{
	static const struct origin_vm good = { .name = "good", .vcpus = 1 };
	struct anchor_range range = { "serial", 0x3f8, 8, ANCHOR_PORTS, 0 };
	struct origin o = { 0 };
	struct origin_vm vm = good;

	(void)state;
	assert_null(origin_add_vm(&o, &vm));
	vm.first_vcpu = ~0u;
	assert_non_null(strstr(origin_add_vm(&o, &vm), "larger"));
	vm = good;
	memset(vm.name, 'x', sizeof(vm.name));
	assert_non_null(strstr(origin_add_vm(&o, &vm), "a VM's name"));
	vm = good;
	vm.ranges = 1;
	vm.range = &range;
	memset(range.name, 'x', sizeof(range.name));
	assert_non_null(strstr(origin_add_vm(&o, &vm), "a device's name"));
	assert_int_equal(o.vms, 1);
	origin_exit(&o);
}

static void hostile_counts_are_refused(void **state)
{
	struct trace_machine good = maker_machine(), m;
	struct origin o;

	(void)state;
	assert_null(machine_chunk_read(&o, &good, sizeof(good)));
	origin_exit(&o);
#define REFUSED(field, value, why) do {					\
	m = good;							\
	m.field = (value);						\
	assert_non_null(strstr(machine_chunk_read(&o, &m, sizeof(m)),	\
			       why));					\
} while (0)
	REFUSED(cpus, 0, "number of CPUs");
	REFUSED(cpus, 0xffff, "number of CPUs");
	REFUSED(vms, ANCHOR_VMS_MAX + 1, "number of VMs");
	REFUSED(vms, 0xffff, "number of VMs");
	REFUSED(isa, 0, "instruction set");
	REFUSED(isa, 31, "instruction set");
	REFUSED(isa, 0xffff, "instruction set");
	REFUSED(tsc_khz, 0, "TSC");
	REFUSED(vm[0].extents, ANCHOR_EXTENTS_MAX + 1, "a VM larger");
	REFUSED(vm[0].vcpus, ANCHOR_VCPUS_MAX + 1, "a VM larger");
	REFUSED(vm[0].first_vcpu, ANCHOR_VCPUS_MAX, "a VM larger");
	REFUSED(vm[0].first_vcpu, 0xffff, "a VM larger");
#undef REFUSED
}

static void several_instruction_sets_are_a_set(void **state)
{
	struct origin o = { .isas = ORIGIN_ISA(ISA_SVM) };

	(void)state;
	assert_string_equal(origin_isa_name(&o), "svm");
	o.isas = ORIGIN_ISA(ISA_VMX);
	assert_string_equal(origin_isa_name(&o), "vmx");
	o.isas |= ORIGIN_ISA(ISA_SVM);
	assert_string_equal(origin_isa_name(&o), "mixed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_have_counts_and_no_limit),
		cmocka_unit_test(a_file_refuses_more_than_it_has_room_for),
		cmocka_unit_test(a_vm_must_make_sense),
		cmocka_unit_test(hostile_counts_are_refused),
		cmocka_unit_test(several_instruction_sets_are_a_set),
	};

	return cmocka_run_group_tests_name("origin", tests, NULL, NULL);
}
