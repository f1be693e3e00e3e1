/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From steps to functions, row by row.
 *
 * An id of a step is a function's number, and says whether it is one of the
 * instructions to be found again: the first of row_run(), with which a row
 * begins; RDTSC after LFENCE, as exit-bench measures; and HLT between STI and
 * CLI, where the core waits and time passes without instructions.
 */
#include "exit-analyzer/functions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "exit-analyzer/elf_code.h"

#define ROW_FUNCTION	"row_run"
#define MARK_ROW	(1u << 30)
#define MARK_TSC	(1u << 29)
#define MARK_HLT	(1u << 28)
#define NUMBER(id)	((id) & ~(MARK_ROW | MARK_TSC | MARK_HLT))
#define NAME_BYTES	256

/* What the marked instruction stands among, and how far in. */
struct pattern {
	uint32_t mark;
	bool guest;
	size_t before, count;
	uint8_t bytes[8];
};

static const struct pattern patterns[] = {
	{ .mark = MARK_TSC, .guest = true, .before = 3, .count = 5,
	  .bytes = { 0x0f, 0xae, 0xe8, 0x0f, 0x31 } },
	{ .mark = MARK_HLT, .guest = false, .before = 1, .count = 3,
	  .bytes = { 0xfb, 0xf4, 0xfa } },
};

struct functions {
	struct elf_code core, guest;
	struct step_range *range;
	size_t ranges;
};

static size_t count_all(const struct functions *f)
{
	return f->core.functions + f->guest.functions;
}

/* 0 is STEPS_OTHER; the core's come before the guest's. */
static void number_name(const struct functions *f, size_t number,
			char name[NAME_BYTES])
{
	size_t i = number - 1;

	if (number == STEPS_OTHER)
		snprintf(name, NAME_BYTES, "[firmware]");
	else if (i < f->core.functions)
		snprintf(name, NAME_BYTES, "%s", f->core.function[i].name);
	else
		snprintf(name, NAME_BYTES, "guest:%s",
			 f->guest.function[i - f->core.functions].name);
}

static int range_add(struct functions *f, uint64_t start, uint64_t end,
		     uint32_t id, bool guest)
{
	struct step_range *more;

	if (start == end)
		return 0;
	more = reallocarray(f->range, f->ranges + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	f->range = more;
	more[f->ranges++] = (struct step_range){ start, end, id, guest };
	return 0;
}

static bool pattern_at(const struct pattern *p, const struct elf_code *code,
		       uint64_t address)
{
	for (size_t i = 0; i < code->sections; i++) {
		const struct elf_section *s = &code->section[i];
		uint64_t at = address - s->start;

		if (address < s->start || at < p->before ||
		    s->end - s->start < at - p->before + p->count)
			continue;
		return !memcmp(s->bytes + at - p->before, p->bytes, p->count);
	}
	return false;
}

static uint32_t mark_at(const struct elf_code *code, bool guest,
			const struct elf_function *function, uint64_t address)
{
	if (guest && address == function->start &&
	    !strcmp(function->name, ROW_FUNCTION))
		return MARK_ROW;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		if (patterns[i].guest == guest &&
		    pattern_at(&patterns[i], code, address))
			return patterns[i].mark;
	return 0;
}

/* Cut where there is an instruction to be found again. */
static int function_add(struct functions *f, bool guest,
			const struct elf_function *function, uint32_t id)
{
	const struct elf_code *code = guest ? &f->guest : &f->core;
	uint64_t start = function->start;
	int err = 0;

	for (uint64_t at = start; !err && at < function->end; at++) {
		uint32_t mark = mark_at(code, guest, function, at);

		if (!mark)
			continue;
		err = range_add(f, start, at, id, guest);
		if (!err)
			err = range_add(f, at, at + 1, id | mark, guest);
		start = at + 1;
	}
	return err ? err : range_add(f, start, function->end, id, guest);
}

static int ranges_make(struct functions *f)
{
	uint32_t id = STEPS_OTHER + 1;
	int err = 0;

	for (size_t i = 0; !err && i < f->core.functions; i++, id++)
		err = function_add(f, false, &f->core.function[i], id);
	for (size_t i = 0; !err && i < f->guest.functions; i++, id++)
		err = function_add(f, true, &f->guest.function[i], id);
	return err;
}

struct functions *functions_open(const char *core, const char *guest,
				 char *why, size_t bytes)
{
	struct functions *f = calloc(1, sizeof(*f));
	const char *which = "the core";
	int err = -ENOMEM;

	if (f)
		err = elf_code_read(&f->core, core);
	if (!err) {
		which = "exit-bench";
		err = elf_code_read(&f->guest, guest);
	}
	if (!err)
		err = ranges_make(f);
	if (!err)
		return f;
	if (err == -ENOENT)
		snprintf(why, bytes, "%s has no symbols", which);
	else
		snprintf(why, bytes, "%s: %s", which, strerror(-err));
	functions_free(f);
	return NULL;
}

void functions_free(struct functions *f)
{
	if (!f)
		return;
	elf_code_release(&f->core);
	elf_code_release(&f->guest);
	free(f->range);
	free(f);
}

const struct step_range *functions_ranges(const struct functions *f,
					  size_t *count)
{
	*count = f->ranges;
	return f->range;
}

/* Runs of one row, from its mark on; first..last, both in it. */
struct stretch {
	const struct step_run *first, *last;
};

/* The next row's, from *at on. */
static bool stretch_next(const struct steps *steps, size_t *at,
			 struct stretch *s)
{
	size_t end;

	while (*at < steps->count && !(steps->run[*at].id & MARK_ROW))
		++*at;
	if (*at == steps->count)
		return false;
	for (end = *at + 1; end < steps->count; end++)
		if (steps->run[end].id & MARK_ROW)
			break;
	*s = (struct stretch){ &steps->run[*at], &steps->run[end - 1] };
	*at = end;
	return true;
}

/*
 * One operation. The TSC does not count an instruction that the emulator
 * breaks off because the hypervisor intercepts it; nor then does its sum.
 */
struct operation {
	const struct step_run *first, *last;
	uint64_t executed;
	uint64_t exits;		/* where the guest went over to the core */
	uint64_t spare;		/* of the first run's, before its start */
	uint64_t halted;	/* ticks before it, with the CPU halted */
};

static bool left_guest(const struct functions *f, const struct step_run *r)
{
	return NUMBER(r->id) > f->core.functions &&
	       NUMBER(r[1].id) <= f->core.functions;
}

/* One run further back. */
static void operation_extend(const struct functions *f, struct operation *o)
{
	const struct step_run *r = --o->first;

	o->executed += r->count;
	o->exits += left_guest(f, r);
}

/* Back from a reading of the TSC to one that makes it as long as that. */
static bool operation_between(const struct functions *f,
			      const struct stretch *in,
			      const struct step_run *last, uint64_t ticks,
			      struct operation *o)
{
	*o = (struct operation){ .first = last, .last = last,
				 .executed = last->count };
	while (o->first > in->first && o->executed - o->exits <= ticks) {
		if (o->first[-1].id & MARK_TSC && o->executed >= ticks)
			return true;
		operation_extend(f, o);
	}
	return false;
}

/* Back from a reading of the TSC by so many ticks; but not beyond where the
 * CPU woke up: before that they were none of instructions. */
static bool operation_before(const struct functions *f,
			     const struct stretch *in,
			     const struct step_run *last, uint64_t ticks,
			     struct operation *o)
{
	*o = (struct operation){ .first = last, .last = last,
				 .executed = last->count };
	while (o->first > in->first && o->executed - o->exits < ticks) {
		if (o->first[-1].id & MARK_HLT) {
			o->halted = ticks - (o->executed - o->exits);
			return true;
		}
		operation_extend(f, o);
	}
	o->spare = o->executed - o->exits - ticks;
	return o->executed - o->exits >= ticks && o->spare < o->first->count;
}

/* Nothing was taken off for measuring. */
static bool is_latency(const struct result_row *row)
{
	return row->rounds && row->round[row->rounds - 1] == row->p50;
}

/*
 * The last operation that took as long as the median one. A latency does not
 * begin where the TSC was read: there it is the last operation.
 */
static bool operation_find(const struct functions *f, const struct stretch *in,
			   const struct result_row *row, struct operation *o)
{
	const struct step_run *last = NULL;

	for (const struct step_run *r = in->last; r > in->first; r--) {
		if (!(r->id & MARK_TSC))
			continue;
		if (!last)
			last = r;
		if (operation_between(f, in, r, row->p50, o))
			return true;
	}
	return last && is_latency(row) &&
	       operation_before(f, in, last, row->p50, o);
}

/* By function; what they come to is the row's ticks. */
static void operation_sum(const struct functions *f, const struct operation *o,
			  uint64_t ticks, uint64_t *sum)
{
	uint64_t uncounted = o->executed - o->spare - (ticks - o->halted);

	for (const struct step_run *r = o->first; r <= o->last; r++) {
		if (NUMBER(r->id) > count_all(f))
			continue;
		sum[NUMBER(r->id)] += r->count;
		if (r == o->first)
			sum[NUMBER(r->id)] -= o->spare;
		if (uncounted && r < o->last && left_guest(f, r)) {
			sum[NUMBER(r->id)]--;
			uncounted--;
		}
	}
}

static int row_tell(const struct functions *f, const struct operation *o,
		    struct result_row *row)
{
	uint64_t *sum = calloc(count_all(f) + 1, sizeof(*sum));
	char name[NAME_BYTES];
	int err = 0;

	if (!sum)
		return -ENOMEM;
	operation_sum(f, o, row->p50, sum);
	if (o->halted)
		err = result_row_function(row, "[halted]", o->halted);
	for (size_t i = 0; !err && i <= count_all(f); i++) {
		if (!sum[i])
			continue;
		number_name(f, i, name);
		err = result_row_function(row, name, sum[i]);
	}
	free(sum);
	return err;
}

int functions_tell(const struct functions *f, const struct steps *steps,
		   struct result *r)
{
	struct operation operation;
	struct stretch in;
	size_t at = 0;
	int err = 0;

	if (steps->count && steps->run[steps->count - 1].id == STEPS_CUT)
		return -EFBIG;
	for (size_t i = 0; !err && i < r->rows; i++) {
		struct result_row *row = &r->row[i];

		result_row_functions_clear(row);
		if (!stretch_next(steps, &at, &in))
			return -EBADMSG;
		if (!row->skipped &&
		    operation_find(f, &in, row, &operation))
			err = row_tell(f, &operation, row);
	}
	return err;
}
