/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables of an origin, from layouts that nobody has checked yet.
 */
#include "tracer/event/origin.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/event/event_names.h"

const struct origin_vm *origin_vm(const struct origin *o, unsigned int vm)
{
	return vm < o->vms ? &o->vm[vm] : NULL;
}

uint64_t origin_vm_ram_bytes(const struct origin_vm *vm)
{
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < vm->extents; i++)
		bytes += vm->extent[i].bytes;
	return bytes;
}

bool origin_vm_has_ram(const struct origin_vm *vm, uint64_t gpa)
{
	for (unsigned int i = 0; i < vm->extents; i++)
		if (gpa - vm->extent[i].gpa < vm->extent[i].bytes)
			return true;
	return false;
}

const char *origin_isa_name(const struct origin *o)
{
	unsigned int isa = 0;

	if (o->isas & (o->isas - 1))
		return "mixed";
	while (isa < 31 && !(o->isas & ORIGIN_ISA(isa)))
		isa++;
	return event_isa_name(isa);
}

static const char *vm_fault(const struct origin_vm *vm)
{
	if (!memchr(vm->name, 0, sizeof(vm->name)))
		return "a VM's name that does not end";
	if (vm->vcpus > UINT_MAX - vm->first_vcpu)
		return "a VM larger than a machine can have";
	for (unsigned int i = 0; i < vm->ranges; i++)
		if (!memchr(vm->range[i].name, 0, sizeof(vm->range[i].name)))
			return "a device's name that does not end";
	return NULL;
}

/* Returns a copy; NULL if there is nothing to copy, or no memory. */
static void *copy(const void *from, size_t bytes)
{
	void *to = bytes ? malloc(bytes) : NULL;

	return to ? memcpy(to, from, bytes) : NULL;
}

const char *origin_add_vm(struct origin *o, const struct origin_vm *vm)
{
	const char *fault = vm_fault(vm);
	struct origin_vm *to;

	if (fault)
		return fault;
	to = reallocarray((void *)o->vm, o->vms + 1, sizeof(*to));
	if (!to)
		return "out of memory";
	o->vm = to;
	to += o->vms++;
	*to = *vm;
	to->extent = copy(vm->extent, vm->extents * sizeof(*vm->extent));
	to->range = copy(vm->range, vm->ranges * sizeof(*vm->range));
	return !to->extents == !to->extent && !to->ranges == !to->range ?
		NULL : "out of memory";
}

static const char *anchor_vm_fault(const struct anchor_vm *vm,
				   const struct anchor_range *range)
{
	if (vm->extents > ANCHOR_EXTENTS_MAX ||
	    vm->vcpus > ANCHOR_VCPUS_MAX ||
	    vm->first_vcpu > ANCHOR_VCPUS_MAX - vm->vcpus)
		return "a VM larger than a machine can have";
	for (unsigned int i = 0; i < ANCHOR_RANGES_MAX; i++)
		if (!memchr(range[i].name, 0, sizeof(range[i].name)))
			return "a device's name that does not end";
	return NULL;
}

const char *origin_add_anchor_vm(struct origin *o, const struct anchor_vm *from,
				 const struct anchor_range *range)
{
	struct origin_vm vm = {
		.state = from->state,
		.first_vcpu = from->first_vcpu, .vcpus = from->vcpus,
		.extents = from->extents, .extent = from->extent,
		.range = range,
	};

	memcpy(vm.name, from->name, sizeof(vm.name));
	while (vm.ranges < ANCHOR_RANGES_MAX && range[vm.ranges].space)
		vm.ranges++;
	return anchor_vm_fault(from, range) ?: origin_add_vm(o, &vm);
}

const char *origin_fault(const struct origin *o)
{
	if (!o->cpus || o->cpus > ANCHOR_CPUS_MAX)
		return "an impossible number of CPUs";
	if (!o->isas || o->isas & ~(ORIGIN_ISA(ISA_SVM) | ORIGIN_ISA(ISA_VMX)))
		return "an instruction set that is not known";
	if (!o->clock.tsc_khz)
		return "a TSC that stands still";
	return NULL;
}

void origin_exit(struct origin *o)
{
	for (unsigned int i = 0; i < o->vms; i++) {
		free((void *)o->vm[i].extent);
		free((void *)o->vm[i].range);
	}
	free((void *)o->vm);
	o->vm = NULL;
	o->vms = 0;
}
