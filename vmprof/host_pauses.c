/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits that hold a pause of the whole machine, proved by the host's clocks.
 */
#include "vmprof/host_pauses.h"

#include <time.h>

#include "command/clock.h"

/* a scheduler's slice; the clocks are not looked at more often than half */
#define LOOK_MS		10
#define SAMPLE_NS	5000000

/*
 * CPU time first: a sample that begins an interval then never has more of it
 * than the interval's first moment. false: the process has ended.
 */
static bool sample_take(struct host_pauses *p, struct host_sample *s)
{
	struct timespec t;

	if (clock_gettime(p->cpu_clock, &t)) {
		p->look_cycles = UINT64_MAX;
		return false;
	}
	s->cpu_ns = t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
	s->wall_ns = clock_now_ns();
	return true;
}

void host_pauses_begin(struct host_pauses *p, pid_t pid, uint64_t tsc_khz)
{
	*p = (struct host_pauses){ .tsc_khz = tsc_khz,
				   .look_cycles = UINT64_MAX };
	if (pid <= 0 || clock_getcpuclockid(pid, &p->cpu_clock))
		return;
	p->look_cycles = tsc_khz * LOOK_MS;
	host_pauses_drained(p, clock_now_ns());
}

void host_pauses_drained(struct host_pauses *p, int64_t before_ns)
{
	struct host_sample *last = &p->sample[(p->next - 1) % HOST_SAMPLES];

	if (p->look_cycles == UINT64_MAX)
		return;
	p->drained_ns = before_ns;
	if (p->next && before_ns - last->wall_ns < SAMPLE_NS)
		return;
	if (sample_take(p, &p->sample[p->next % HOST_SAMPLES]))
		p->next++;
}

/* The newest sample of `ns` or before; NULL: none is so old. */
static const struct host_sample *sample_before(const struct host_pauses *p,
					       int64_t ns)
{
	const struct host_sample *s;
	uint64_t oldest = p->next > HOST_SAMPLES ? p->next - HOST_SAMPLES : 0;

	for (uint64_t i = p->next; i > oldest; i--) {
		s = &p->sample[(i - 1) % HOST_SAMPLES];
		if (s->wall_ns <= ns)
			return s;
	}
	return NULL;
}

int64_t host_pause_proved(const struct host_pauses *p, struct host_sample now,
			  int64_t handle_ns, int64_t blocked_ns)
{
	const struct host_sample *before =
		sample_before(p, p->drained_ns - handle_ns - blocked_ns);
	int64_t pause;

	if (!before)
		return 0;
	pause = handle_ns - (now.cpu_ns - before->cpu_ns);
	/* less than half may as well be an exit that is dear by itself */
	return pause > handle_ns / 2 ? pause : 0;
}

static int64_t cycles_to_ns(const struct host_pauses *p, uint64_t cycles)
{
	return (int64_t)((unsigned __int128)cycles * 1000000 / p->tsc_khz);
}

bool host_pauses_look(struct host_pauses *p, const struct event_vmexit *ev)
{
	struct host_sample now;
	int64_t pause;

	if (!sample_take(p, &now))
		return false;
	pause = host_pause_proved(p, now, cycles_to_ns(p, ev->handle_cycles),
				  cycles_to_ns(p, ev->blocked_cycles));
	if (!pause)
		return false;
	p->exits++;
	p->total_ns += pause;
	if (pause > p->longest_ns) {
		p->longest_ns = pause;
		p->longest = *ev;
	}
	return true;
}

void host_pause_forget_cost(struct event_vmexit *ev)
{
	ev->cpl_known &= ~EVENT_KNOWN_COST;
	ev->handle_cycles = 0;
	ev->blocked_cycles = 0;
}
