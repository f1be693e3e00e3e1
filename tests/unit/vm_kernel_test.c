/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel of a VM in a made machine's RAM: found, and not found where the
 * anchor lies about where things are.
 */
#include "tracer/guest/vm_kernel.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/made_guest.h"

#define ANCHOR_AT	PAGE
#define VCPUS_AT	(64 * PAGE)
#define GUEST_AT	(4 * MB)
#define VM		1
#define VCPU		3

struct made_machine {
	struct fixture guest;
	uint8_t *ram;
	size_t bytes;
	struct machine_view view;
	struct anchor *anchor;
	struct anchor_vcpu *vcpu;
};

static int machine_make(void **state)
{
	struct made_machine *m = calloc(1, sizeof(*m));
	struct fixture *f = &m->guest;

	m->bytes = GUEST_AT + RAM_BYTES;
	m->ram = aligned_alloc(PAGE, m->bytes);
	memset(m->ram, 0, GUEST_AT);
	m->view = (struct machine_view){ m->ram, m->bytes, ANCHOR_AT };
	f->ram = m->ram + GUEST_AT;
	f->pristine = malloc(RAM_BYTES);
	f->kernel_text = malloc(1 * MB);
	f->all_text = malloc(1 * MB);
	guest_make(f, &layouts[5], 0x6b0);

	m->anchor = (struct anchor *)(m->ram + ANCHOR_AT);
	m->anchor->vms = VM + 1;
	m->anchor->vcpu_hpa = VCPUS_AT;
	m->anchor->vm[VM] = (struct anchor_vm){
		.vcpus = 1, .first_vcpu = VCPU, .extents = 1,
		.extent[0] = { 0, GUEST_AT, RAM_BYTES },
	};
	m->vcpu = (struct anchor_vcpu *)(m->ram + VCPUS_AT) + VCPU;
	m->vcpu->cr0 = f->p.cr0;
	m->vcpu->cr3 = f->p.cr3;
	m->vcpu->cr4 = f->p.cr4;
	m->vcpu->efer = f->p.efer;
	*state = m;
	return 0;
}

static int machine_free(void **state)
{
	struct made_machine *m = *state;

	free(m->ram);
	free(m->guest.pristine);
	free(m->guest.kernel_text);
	free(m->guest.all_text);
	free(m);
	return 0;
}

static void none_of(const struct made_machine *m, unsigned int vm)
{
	struct process_list list;
	const char *why = NULL;

	errno = 0;
	assert_null(vm_kernel_open(&m->view, vm, &why));
	assert_int_equal(errno, EAGAIN);
	assert_non_null(why);
	assert_null(vm_kernel_symtab(&m->view, vm, NULL));
	assert_int_equal(vm_kernel_processes(&m->view, vm, &list, &why),
			 -EAGAIN);
}

static void the_kernel_is_found(void **state)
{
	const struct made_machine *m = *state;
	const char *why;
	struct guest_kernel *k = vm_kernel_open(&m->view, VM, &why);
	struct process_list list;
	struct symtab *t;

	assert_non_null(k);
	assert_int_equal(guest_kernel_text(k), TEXT);
	assert_int_equal(guest_kernel_symbols(k), COUNT);
	guest_kernel_close(k);
	t = vm_kernel_symtab(&m->view, VM, &list);
	assert_non_null(t);
	assert_non_null(symtab_lookup(t, TEXT));
	assert_int_equal(list.init_task, INIT_TASK);
	symtab_free(t);
}

static void its_processes_are_found(void **state)
{
	const struct made_machine *m = *state;
	struct guest_process *p;
	struct process_list list;
	const char *why;
	size_t count;

	assert_int_equal(vm_kernel_processes(&m->view, VM, &list, &why), 0);
	assert_int_equal(processes_read(&list, &p, &count), 0);
	assert_int_equal(count, PROCESSES);
	free(p);
}

static void a_vm_that_is_not_there_has_none(void **state)
{
	none_of(*state, VM - 1);
	none_of(*state, ANCHOR_VMS_MAX);
	none_of(*state, ~0u);
}

static void lies_about_places_are_not_followed(void **state)
{
	struct made_machine *m = *state;
	const uint64_t vcpus[] = { m->bytes, m->bytes - sizeof(*m->vcpu),
				   UINT64_MAX, UINT64_MAX - VCPU * 8 };
	const struct anchor_extent extents[] = {
		{ 0, m->bytes, RAM_BYTES }, { 0, GUEST_AT, RAM_BYTES + 1 },
		{ 0, GUEST_AT, UINT64_MAX }, { 0, UINT64_MAX, 2 },
	};

	for (size_t i = 0; i < sizeof(extents) / sizeof(extents[0]); i++) {
		m->anchor->vm[VM].extent[0] = extents[i];
		none_of(m, VM);
	}
	for (size_t i = 0; i < sizeof(vcpus) / sizeof(vcpus[0]); i++) {
		m->anchor->vcpu_hpa = vcpus[i];
		none_of(m, VM);
	}
	m->anchor->vcpu_hpa = VCPUS_AT;
	m->anchor->vm[VM].first_vcpu = ANCHOR_VCPUS_MAX;
	none_of(m, VM);
	m->anchor->vm[VM].first_vcpu = VCPU;
	m->anchor->vm[VM].extents = UINT16_MAX;
	none_of(m, VM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_kernel_is_found,
						machine_make, machine_free),
		cmocka_unit_test_setup_teardown(its_processes_are_found,
						machine_make, machine_free),
		cmocka_unit_test_setup_teardown(a_vm_that_is_not_there_has_none,
						machine_make, machine_free),
		cmocka_unit_test_setup_teardown(
			lies_about_places_are_not_followed,
			machine_make, machine_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
