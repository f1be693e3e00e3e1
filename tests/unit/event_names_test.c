/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every number of the abi has its own name and help, and no other has one.
 */
#include "tracer/event/event_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "vmm-core/abi/hypercall.h"

static void assert_names(const char *(*name)(unsigned int),
			 const char *(*help)(unsigned int), unsigned int first,
			 unsigned int count)
{
	for (unsigned int i = first; i < count; i++) {
		assert_non_null(name(i));
		assert_true(*name(i));
		if (help)
			assert_non_null(help(i));
		for (unsigned int j = first; j < i; j++)
			assert_string_not_equal(name(i), name(j));
	}
	assert_string_equal(name(count), "unknown");
	assert_string_equal(name(~0u), "unknown");
	if (help)
		assert_null(help(count));
}

static void tables_are_full(void **state)
{
	(void)state;
	assert_names(event_name, event_help, EVENT_VMEXIT, EVENT_CALL_CHAIN + 1);
	assert_names(event_exit_reason_name, event_exit_reason_help, 0,
		     EXIT_REASONS);
	assert_names(event_tlb_scope_name, event_tlb_scope_help, 0, TLB_SCOPES);
	assert_names(event_tlb_cause_name, event_tlb_cause_help, 0, TLB_CAUSES);
	assert_names(event_vm_state_name, NULL, 0, VM_STATES);
	assert_string_equal(event_isa_name(ISA_SVM), "svm");
	assert_string_equal(event_isa_name(ISA_VMX), "vmx");
	assert_string_equal(event_isa_name(0), "unknown");
}

static void raw_codes_are_those_of_the_manuals(void **state)
{
	(void)state;
	assert_string_equal(event_raw_name(ISA_SVM, 0x72), "CPUID");
	assert_string_equal(event_raw_name(ISA_SVM, 0x400), "NPF");
	assert_string_equal(event_raw_name(ISA_SVM, 0xffffffff), "INVALID");
	assert_string_equal(event_raw_name(ISA_VMX, 10), "CPUID");
	assert_string_equal(event_raw_name(ISA_VMX, 48), "EPT_VIOLATION");
	assert_null(event_raw_name(ISA_SVM, 0x7ff));
	assert_null(event_raw_name(ISA_SVM, 0x872));
	assert_null(event_raw_name(ISA_SVM, 0xfffffff0));
	assert_null(event_raw_name(ISA_VMX, 35));
	assert_null(event_raw_name(ISA_VMX, 1000));
	assert_null(event_raw_name(0, 10));
}

/* The very codes of the .def files, each once. */
static void every_raw_code_has_its_name(void **state)
{
	(void)state;
#define SVM_EXIT(code, NAME, neutral) \
	assert_string_equal(event_raw_name(ISA_SVM, (code)), #NAME);
#include "vmm-core/abi/exits_svm.def"
#define VMX_EXIT(code, NAME, neutral) \
	assert_string_equal(event_raw_name(ISA_VMX, (code)), #NAME);
#include "vmm-core/abi/exits_vmx.def"
}

static void hypercalls_have_names(void **state)
{
	(void)state;
	assert_string_equal(event_hypercall_name(HC_NOP), "nop");
	assert_string_equal(event_hypercall_name(HC_MARK), "mark");
	assert_string_equal(event_hypercall_name(5), "kvm-kick-cpu");
	assert_null(event_hypercall_name(0));
	assert_null(event_hypercall_name(~0ull));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_are_full),
		cmocka_unit_test(raw_codes_are_those_of_the_manuals),
		cmocka_unit_test(every_raw_code_has_its_name),
		cmocka_unit_test(hypercalls_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
