/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The public face of every source: calls what its kind provides.
 */
#include "tracer/source/source.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tracer/source/source_ops.h"

int source_next(struct source *s, const struct event_header **ev,
		unsigned int *cpu)
{
	return s->ops->next(s, ev, cpu);
}

void source_counts(const struct source *s, unsigned int cpu,
		   struct source_cpu_counts *counts)
{
	memset(counts, 0, sizeof(*counts));
	if (cpu < s->machine.cpus)
		s->ops->counts(s, cpu, counts);
}

void source_close(struct source *s)
{
	if (s)
		s->ops->close(s);
}

const char *source_error(const struct source *s)
{
	return s->error;
}

const struct trace_machine *source_machine(const struct source *s)
{
	return &s->machine;
}

unsigned int source_cpus(const struct source *s)
{
	return s->machine.cpus;
}

const struct trace_file_header *source_file_header(const struct source *s)
{
	return s->file ? &s->file->header : NULL;
}

bool source_was_cut(const struct source *s, uint64_t *at_byte)
{
	if (!s->file || !s->file->cut)
		return false;
	*at_byte = s->file->cut_at;
	return true;
}

const struct trace_end *source_end(const struct source *s)
{
	return s->file && s->file->ended ? &s->file->end : NULL;
}

const char *source_kallsyms(const struct source *s, unsigned int vm,
			    size_t *bytes)
{
	*bytes = 0;
	if (!s->file || vm >= ANCHOR_VMS_MAX)
		return NULL;
	*bytes = s->file->kallsyms_bytes[vm];
	return s->file->kallsyms[vm];
}

const struct trace_process *source_processes(const struct source *s,
					     unsigned int vm, size_t *count)
{
	*count = 0;
	if (!s->file || vm >= ANCHOR_VMS_MAX)
		return NULL;
	*count = s->file->process_count[vm];
	return s->file->processes[vm];
}

int source_fail(struct source *s, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(s->error, sizeof(s->error), format, args);
	va_end(args);
	return err;
}

const char *source_machine_fault(const struct trace_machine *m)
{
	if (!m->cpus || m->cpus > ANCHOR_CPUS_MAX)
		return "a number of CPUs that cannot be";
	if (m->vms > ANCHOR_VMS_MAX)
		return "a number of VMs that cannot be";
	if (m->isa != ISA_SVM && m->isa != ISA_VMX)
		return "an instruction set that is not known";
	if (!m->tsc_khz)
		return "a TSC that stands still";
	for (unsigned int i = 0; i < m->vms; i++) {
		const struct anchor_vm *vm = &m->vm[i];

		if (!memchr(vm->name, 0, sizeof(vm->name)))
			return "a VM's name that does not end";
		if (vm->extents > ANCHOR_EXTENTS_MAX ||
		    vm->vcpus > ANCHOR_VCPUS_MAX ||
		    vm->first_vcpu > ANCHOR_VCPUS_MAX - vm->vcpus)
			return "a VM larger than a machine can have";
	}
	return NULL;
}
