/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between an origin and its layout in files.
 */
#include "tracer/file/machine_chunk.h"

#include <errno.h>
#include <string.h>

static int vm_make(struct trace_machine *m, unsigned int i,
		   const struct origin_vm *from)
{
	struct anchor_vm *to = &m->vm[i];

	if (from->extents > ANCHOR_EXTENTS_MAX ||
	    from->ranges > ANCHOR_RANGES_MAX)
		return -E2BIG;
	memcpy(to->name, from->name, sizeof(to->name));
	to->state = (__u16)from->state;
	to->vcpus = (__u16)from->vcpus;
	to->first_vcpu = (__u16)from->first_vcpu;
	to->extents = (__u16)from->extents;
	for (unsigned int e = 0; e < from->extents; e++)
		to->extent[e] = from->extent[e];
	for (unsigned int r = 0; r < from->ranges; r++)
		m->range[i][r] = from->range[r];
	return 0;
}

int machine_chunk_make(struct trace_machine *m, const struct origin *o)
{
	int err = o->vms > ANCHOR_VMS_MAX ? -E2BIG : 0;

	memset(m, 0, sizeof(*m));
	m->abi_hash = o->abi_hash;
	memcpy(m->build_id, o->build_id, sizeof(m->build_id));
	m->isa = o->isas & ORIGIN_ISA(ISA_SVM) ? ISA_SVM : ISA_VMX;
	m->cpus = (__u16)o->cpus;
	m->tsc_khz = o->clock.tsc_khz;
	m->tsc_at_wall = o->clock.tsc_at_wall;
	m->wall_ns = o->clock.wall_ns;
	m->deterministic = o->clock.deterministic;
	m->vms = (__u16)o->vms;
	for (unsigned int i = 0; !err && i < o->vms; i++)
		err = vm_make(m, i, &o->vm[i]);
	return err;
}

const char *machine_chunk_read(struct origin *o, const void *raw, size_t bytes)
{
	struct trace_machine m = { 0 };
	const char *fault;

	if (bytes < offsetof(struct trace_machine, range) || bytes > sizeof(m))
		return "it does not say which machine it is of";
	memcpy(&m, raw, bytes);
	if (m.vms > ANCHOR_VMS_MAX)
		return "an impossible number of VMs";
	*o = (struct origin){
		.abi_hash = m.abi_hash,
		.isas = m.isa < 32 ? ORIGIN_ISA(m.isa) : 0,
		.clock = { m.tsc_khz, m.tsc_at_wall, m.wall_ns,
			   m.deterministic },
		.cpus = m.cpus,
	};
	memcpy(o->build_id, m.build_id, sizeof(o->build_id));
	fault = origin_fault(o);
	for (unsigned int i = 0; !fault && i < m.vms; i++)
		fault = origin_add_anchor_vm(o, &m.vm[i], m.range[i]);
	if (fault)
		origin_exit(o);
	return fault;
}
