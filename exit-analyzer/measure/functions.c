/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ranges that a machine is followed by, and what was executed in them.
 *
 * Marked instructions are found by their bytes and those around them, wherever
 * these stand. A match that does not begin an instruction is never executed,
 * and does no harm.
 */
#include "exit-analyzer/measure/functions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "exit-analyzer/measure/elf_code.h"

#define ROW_FUNCTION	"row_run"
#define NAME_BYTES	256

/* The code around a marked instruction, and how far in it stands. */
struct pattern {
	uint32_t mark;
	bool guest;
	size_t before, count;
	uint8_t bytes[8];
};

static const struct pattern patterns[] = {
	/* RDTSC; the guest's after LFENCE, as bench_tsc() has it */
	{ .mark = FUNCTIONS_TSC, .guest = true, .before = 3, .count = 5,
	  .bytes = { 0x0f, 0xae, 0xe8, 0x0f, 0x31 } },
	{ .mark = FUNCTIONS_TSC, .guest = false, .before = 0, .count = 2,
	  .bytes = { 0x0f, 0x31 } },
	/* HLT between STI and CLI */
	{ .mark = FUNCTIONS_HLT, .guest = false, .before = 1, .count = 3,
	  .bytes = { 0xfb, 0xf4, 0xfa } },
	{ .mark = FUNCTIONS_VMRUN, .guest = false, .before = 0, .count = 3,
	  .bytes = { 0x0f, 0x01, 0xd8 } },
};

struct functions {
	struct elf_code core, guest;
	bool any_guest;		/* all of its code is one function */
	struct step_range *range;
	size_t ranges;
};

size_t functions_numbers(const struct functions *f)
{
	return 1 + f->core.functions + f->guest.functions + f->any_guest;
}

bool functions_of_guest(const struct functions *f, uint32_t id)
{
	return FUNCTIONS_NUMBER(id) > f->core.functions;
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
	else if (f->any_guest)
		snprintf(name, NAME_BYTES, "[guest]");
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
		return FUNCTIONS_ROW;
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
	if (!err && f->any_guest)
		err = range_add(f, 0, UINT64_MAX, id, true);
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
	if (!err && !guest)
		f->any_guest = true;
	else if (!err) {
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

int functions_write(const struct functions *f, const uint64_t *sum,
		    struct result_row *row)
{
	char name[NAME_BYTES];
	int err = 0;

	for (size_t i = 0; !err && i < functions_numbers(f); i++) {
		if (!sum[i])
			continue;
		number_name(f, i, name);
		err = result_row_function(row, name, sum[i]);
	}
	return err;
}
