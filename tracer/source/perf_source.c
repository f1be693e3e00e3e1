/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A perf.data file with KVM's tracepoints as a source.
 *
 * Time is the host's clock in ns, so that a cycle of these traces is 1 ns.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/file/whole_file.h"
#include "tracer/foreign/perf_unpack.h"
#include "tracer/foreign/time_order.h"
#include "tracer/source/file_source.h"
#include "tracer/source/kvm_pairs.h"
#include "tracer/source/source.h"

#define NS_KHZ		1000000
#define TO_RECORD	"record with 'perf kvm stat record -a', or with " \
			"'perf record -a -e kvm:kvm_exit,kvm:kvm_entry'"

/* A tracepoint, or a loss of some. */
struct waiting {
	struct perf_sample sample;
	uint64_t lost;		/* 0: it is a tracepoint */
};

struct comm {
	uint32_t pid;
	struct perf_part text;
};

struct perf_load {
	struct perf_file file;
	struct kvm_formats formats;
	struct kvm_pairs *pairs;
	struct made_source *to;
	/* what waits for its turn, and its order by place in it */
	struct waiting *waiting;
	struct timed *timed;
	size_t count, room, timed_room;
	uint64_t last_time;
	uint64_t round_time;	/* the newest when the last round ended, */
	uint64_t newest;	/* and now */
	struct comm *comm;	/* of processes, in the order of the file */
	size_t comms, comms_room;
};

/* With room for one more; NULL: there is no memory. */
static void *grown(void *at, size_t count, size_t *room, size_t each)
{
	if (count < *room)
		return at;
	*room = *room ? *room * 2 : 1024;
	return reallocarray(at, *room, each);
}

static int waiting_add(struct perf_load *l, const struct perf_sample *sample,
		       uint64_t lost)
{
	struct waiting *to = grown(l->waiting, l->count, &l->room,
				   sizeof(*to));

	if (!to)
		return -ENOMEM;
	l->waiting = to;
	to[l->count++] = (struct waiting){ .sample = *sample, .lost = lost };
	l->last_time = sample->time;
	if (sample->time > l->newest)
		l->newest = sample->time;
	return 0;
}

/* pid, tid, name; of the process, not of its threads. */
static int comm_add(struct perf_load *l, struct perf_part body)
{
	struct comm *to;

	if (body.bytes < 16 ||
	    perf_word(body.at, 4) != perf_word(body.at + 4, 4))
		return 0;
	to = grown(l->comm, l->comms, &l->comms_room, sizeof(*to));
	if (!to)
		return -ENOMEM;
	l->comm = to;
	to[l->comms++] = (struct comm){
		.pid = (uint32_t)perf_word(body.at, 4),
		.text = { body.at + 8, body.bytes - 8 },
	};
	return 0;
}

static int take(struct perf_load *l, const struct waiting *w)
{
	const struct perf_sample *s = &w->sample;

	if (w->lost)
		return kvm_pairs_lost(l->pairs, s->cpu, s->time, w->lost);
	return kvm_pairs_add(l->pairs, &(struct kvm_passed){
		.time = s->time, .pid = s->pid, .tid = s->tid, .cpu = s->cpu,
		.raw = s->raw.at, .bytes = s->raw.bytes });
}

/* Those that are taken go, the others stay in the order they came in. */
static void waiting_drop(struct perf_load *l, uint64_t until)
{
	size_t left = 0;

	for (size_t i = 0; i < l->count; i++)
		if (l->waiting[i].sample.time > until)
			l->waiting[left++] = l->waiting[i];
	l->count = left;
}

/* Takes what waits, in the order of time, up to a time. */
static int waiting_take(struct perf_load *l, uint64_t until)
{
	int err;

	if (l->count > l->timed_room) {
		free(l->timed);
		l->timed_room = 2 * l->count;
		l->timed = reallocarray(NULL, l->timed_room,
					sizeof(*l->timed));
		if (!l->timed)
			return -ENOMEM;
	}
	for (size_t i = 0; i < l->count; i++)
		l->timed[i] = (struct timed){ l->waiting[i].sample.time, i };
	err = time_order(l->timed, l->count);
	for (size_t i = 0; !err && i < l->count && l->timed[i].time <= until;
	     i++)
		err = take(l, &l->waiting[l->timed[i].what]);
	waiting_drop(l, until);
	return err;
}

/*
 * perf empties the buffers of all CPUs in rounds. In the next round nothing
 * can come that is older than the newest of the round before.
 */
static int round_end(struct perf_load *l)
{
	int err = waiting_take(l, l->round_time);

	l->round_time = l->newest;
	return err;
}

/* id, and how many of it */
static int lost_note(struct perf_load *l, const struct perf_event *ev)
{
	struct perf_sample s = { .time = l->last_time };
	uint64_t lost = ev->body.bytes < 16 ? 0 : perf_word(ev->body.at + 8, 8);

	perf_event_when(&l->file, ev, &s);
	return lost ? waiting_add(l, &s, lost) : 0;
}

static int sample_note(struct perf_load *l, const struct perf_event *ev)
{
	struct perf_sample s;

	if (!perf_sample_take(&l->file, ev, &s) ||
	    kvm_point_of(&l->formats, s.raw.at, s.raw.bytes) == KVM_POINTS)
		return 0;
	return waiting_add(l, &s, 0);
}

static int event_note(struct perf_load *l, const struct perf_event *ev)
{
	switch (ev->type) {
	case PERF_SAMPLE:
		return sample_note(l, ev);
	case PERF_LOST:
		return lost_note(l, ev);
	case PERF_COMM:
		return comm_add(l, ev->body);
	case PERF_FINISHED_ROUND:
		return round_end(l);
	}
	return 0;
}

static int events_take(struct perf_load *l)
{
	struct perf_event ev;
	size_t at = 0;
	int err = 0;

	while (!err && perf_event_next(&l->file.events, &at, &ev) > 0)
		err = event_note(l, &ev);
	return err ? err : waiting_take(l, UINT64_MAX);
}

static void vm_name(const struct perf_load *l, unsigned int vm)
{
	uint32_t pid = kvm_pairs_pid(l->pairs, vm);
	char name[sizeof(((struct anchor_vm *)0)->name)];
	struct perf_part text = { "pid", 3 };

	for (size_t i = 0; i < l->comms; i++)
		if (l->comm[i].pid == pid)
			text = l->comm[i].text;
	snprintf(name, sizeof(name), "%.*s:%u",
		 (int)strnlen(text.at, text.bytes < 16 ? text.bytes : 16),
		 text.at, pid);
	made_source_vm(l->to, vm, name, kvm_pairs_vcpus(l->pairs, vm));
}

static void machine_fill(struct perf_load *l)
{
	struct source_file_info *info = &l->to->info;
	struct trace_file_header *h = &info->header;

	l->to->s.origin.clock = (struct origin_clock){
		.tsc_khz = NS_KHZ,
		.tsc_at_wall = l->file.time_at_wall,
		.wall_ns = l->file.wall_ns,
	};
	h->created_ns = l->file.wall_ns;
	snprintf(h->host, sizeof(h->host), "%s", l->file.host);
	snprintf(h->recorder, sizeof(h->recorder), "perf %.58s",
		 l->file.version);
	snprintf(h->command, sizeof(h->command), "%s", l->file.command);
	info->cut = l->file.cut;
	info->cut_at = l->file.cut_at;
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX &&
	     kvm_pairs_pid(l->pairs, vm); vm++)
		vm_name(l, vm);
}

static int records_make(struct perf_load *l)
{
	int err = events_take(l);

	if (!err)
		err = kvm_pairs_end(l->pairs);
	if (!err && !l->to->exits)
		return -ENOMSG;
	if (err)
		return err;
	machine_fill(l);
	return made_source_begin(l->to);
}

static int load(struct perf_load *l, struct perf_part bytes, const char **why)
{
	int err = perf_file_load(&l->file, bytes, why);

	if (!err && l->file.packed)
		err = perf_unpack(&l->file, why);
	if (err)
		return err;
	*why = "it does not say what its events look like: it was cut, or has "
	       "no tracepoints; " TO_RECORD;
	if (!l->file.formats.bytes)
		return -ENOMSG;
	kvm_formats_load(&l->formats, l->file.formats.at,
			 l->file.formats.bytes);
	*why = "it has no kvm:kvm_exit and kvm:kvm_entry; " TO_RECORD;
	if (!l->formats.point[KVM_EXIT].known ||
	    !l->formats.point[KVM_ENTRY].known)
		return -ENOMSG;
	*why = "out of memory";
	l->to = made_source_new();
	l->pairs = l->to ? kvm_pairs_new(&l->formats, l->to) : NULL;
	err = l->pairs ? records_make(l) : -ENOMEM;
	if (err == -ENOMSG)
		*why = "it has no exit of a guest: none ran meanwhile";
	else if (err == -E2BIG)
		*why = "a CPU or vCPU has a number that traces have no room "
		       "for";
	return err;
}

struct source *perf_source_open(int fd, const char **why)
{
	struct perf_load l = { .to = NULL };
	struct whole_file f;
	int err = whole_file_read(&f, fd, why);

	close(fd);
	if (!err) {
		err = load(&l, (struct perf_part){ f.at, f.bytes }, why);
		free(f.at);
	}
	perf_file_free(&l.file);
	kvm_pairs_free(l.pairs);
	free(l.waiting);
	free(l.timed);
	free(l.comm);
	if (!err) {
		l.to->info.foreign = true;
		l.to->info.sizes.file_bytes = f.bytes;
		*why = NULL;
		return &l.to->s;
	}
	made_source_free(l.to);
	errno = -err;
	return NULL;
}
