/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An xentrace file as a source. It does not say how fast its TSC runs, so a
 * cycle of these traces is 1 ns until somebody says more.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tracer/file/whole_file.h"
#include "tracer/foreign/time_order.h"
#include "tracer/source/file_source.h"
#include "tracer/source/source.h"
#include "tracer/source/xen_pairs.h"

#define TSC_KHZ		1000000
/* Intel's exit reasons end there; no guest of AMD does without greater ones */
#define VMX_CODE_MAX	0x51
#define CPU_SHIFT	48	/* of a place: the record's byte is below */

struct xen_load {
	struct xen_bytes file;
	struct made_source *to;
	struct xen_pairs *pairs;
	struct timed *timed;
	size_t count, room;
	uint64_t last_tsc[ANCHOR_CPUS_MAX];
	bool is_svm, is_vmx;
};

static int timed_add(struct xen_load *l, uint64_t tsc, uint64_t what)
{
	struct timed *grown;

	if (l->count == l->room) {
		l->room = l->room ? 2 * l->room : 1024;
		grown = reallocarray(l->timed, l->room, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		l->timed = grown;
	}
	l->timed[l->count++] = (struct timed){ .time = tsc, .what = what };
	return 0;
}

static void isa_note(struct xen_load *l, const struct xen_record *r)
{
	uint32_t event = r->event & ~(XEN_64 | XEN_NESTED);

	if (event == XEN_SVM_EXIT ||
	    (event == XEN_EXIT && r->word[0] > VMX_CODE_MAX))
		l->is_svm = true;
	else if (event == XEN_EXIT)
		l->is_vmx = true;
}

/* A record without time has that of the one before it on its CPU. */
static int records_note(struct xen_load *l)
{
	struct source_file_info *info = &l->to->info;
	struct xen_record r;
	size_t at = 0, begin = 0;
	enum event_isa isa;
	uint32_t cpu = 0;
	int got, err = 0;

	while (!err && (got = xen_record_next(&l->file, &at, &r)) > 0) {
		if (r.event == XEN_CPU_CHANGE)
			cpu = r.word[0];
		if (cpu >= ANCHOR_CPUS_MAX)
			return -E2BIG;
		if (r.timed)
			l->last_tsc[cpu] = r.tsc;
		isa_note(l, &r);
		err = timed_add(l, l->last_tsc[cpu],
				(uint64_t)cpu << CPU_SHIFT | begin);
		begin = at;
	}
	if (err)
		return err;
	info->cut = got < 0;
	info->cut_at = at;
	/* of Intel's, none is greater; PV guests alone do not tell */
	isa = l->is_vmx && !l->is_svm ? ISA_VMX : ISA_SVM;
	xen_pairs_isa(l->pairs, isa);
	l->to->s.origin.isas = ORIGIN_ISA(isa);
	return time_order(l->timed, l->count);
}

static int records_make(struct xen_load *l)
{
	int err = records_note(l);

	for (size_t i = 0; !err && i < l->count; i++) {
		size_t at = l->timed[i].what & ((1ull << CPU_SHIFT) - 1);
		struct xen_record r;

		if (xen_record_next(&l->file, &at, &r) > 0)
			err = xen_pairs_add(l->pairs, (unsigned int)
					    (l->timed[i].what >> CPU_SHIFT),
					    l->timed[i].time, &r);
	}
	if (!err)
		err = xen_pairs_end(l->pairs);
	if (!err && !l->to->exits && !l->to->hypercalls)
		return -ENOMSG;
	return err ? err : made_source_begin(l->to);
}

static int load(struct xen_load *l, const char **why)
{
	int err;

	*why = "out of memory";
	l->to = made_source_new();
	if (!l->to)
		return -ENOMEM;
	l->to->info.foreign = true;
	l->to->info.sizes.file_bytes = l->file.bytes;
	l->to->s.origin.clock.tsc_khz = TSC_KHZ;
	snprintf(l->to->info.header.recorder,
		 sizeof(l->to->info.header.recorder), "xentrace");
	l->pairs = xen_pairs_new(l->to);
	err = l->pairs ? records_make(l) : -ENOMEM;
	if (err == -ENOMSG)
		*why = "it has no exit or hypercall whose domain is known; "
		       "record with 'xentrace -e 0x2a3000', scheduling and all";
	else if (err == -E2BIG)
		*why = "a CPU or vCPU has a number that traces have no room "
		       "for";
	return err;
}

struct source *xen_source_open(int fd, const char **why)
{
	struct xen_load l = { .to = NULL };
	struct whole_file f;
	int err = whole_file_read(&f, fd, why);

	close(fd);
	if (!err) {
		l.file = (struct xen_bytes){ f.at, f.bytes };
		err = load(&l, why);
		free(f.at);
	}
	xen_pairs_free(l.pairs);
	free(l.timed);
	if (!err) {
		*why = NULL;
		return &l.to->s;
	}
	made_source_free(l.to);
	errno = -err;
	return NULL;
}
