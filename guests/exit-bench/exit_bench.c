/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-bench: what every exit costs that a guest can provoke. Each row is
 * one line of JSON on COM1, in ticks of the TSC; on the deterministic
 * machine these are instructions. The first line says where this ran, and
 * the last one that nothing is missing.
 */
#include "guests/exit-bench/exit_bench.h"

#include "guests/runtime/guest.h"
#include "guests/runtime/loader.h"
#include "vmm-core/lib/x86.h"

/* Rows of another version do not compare: raise it when a row's meaning
 * changes. */
#define SUITE_VERSION	2
/* caches, TLBs and the emulator's translations are warm after so many */
#define WARM_UP		20
#define PIC1_MASK	0x21
#define PIC2_MASK	0xa1

static u64 sample[BENCH_SAMPLES];
/* what measuring costs: the median of the empty row */
static u64 overhead;
const char *bench_failure;

/* Shell sort: short, in place, and fast enough for a thousand. */
static void samples_sort(unsigned int count)
{
	for (unsigned int gap = count / 2; gap; gap /= 2) {
		for (unsigned int i = gap; i < count; i++) {
			u64 v = sample[i];
			unsigned int at = i;

			for (; at >= gap && sample[at - gap] > v; at -= gap)
				sample[at] = sample[at - gap];
			sample[at] = v;
		}
	}
}

/* The nearest rank. */
static u64 percentile(unsigned int count, unsigned int percent)
{
	return sample[(count * percent + 99) / 100 - 1];
}

static void print_text(const char *key, const char *value)
{
	guest_print(",\"");
	guest_print(key);
	guest_print("\":\"");
	guest_print(value);
	guest_print("\"");
}

static void print_number(const char *key, u64 value)
{
	guest_print(",\"");
	guest_print(key);
	guest_print("\":");
	guest_print_number(value);
}

static void row_print(const struct bench_row *row, unsigned int count)
{
	u64 p50 = percentile(count, 50);
	u64 less = row->latency ? 0 : overhead;

	guest_print("{\"row\":\"");
	guest_print(row->name);
	guest_print("\"");
	print_number("n", count);
	print_number("min", sample[0]);
	print_number("p50", p50);
	print_number("p95", percentile(count, 95));
	print_number("max", sample[count - 1]);
	print_number("net", p50 > less ? p50 - less : 0);
	guest_print("}\n");
}

static void row_skip(const struct bench_row *row, const char *why)
{
	guest_print("{\"row\":\"");
	guest_print(row->name);
	guest_print("\"");
	print_text("skipped", why);
	guest_print("}\n");
}

static void row_measure(const struct bench_row *row, unsigned int count)
{
	bench_failure = NULL;
	if (row->setup)
		row->setup();
	for (unsigned int i = 0; i < WARM_UP && !bench_failure; i++)
		row->run();
	for (unsigned int i = 0; i < count && !bench_failure; i++)
		sample[i] = row->run();
}

/* Prints one line, whatever happens. Not inlined: whoever follows the machine
 * by the instruction sees by its address where a row begins. */
static __attribute__((noinline)) void row_run(const struct bench_row *row)
{
	unsigned int count = row->samples ? row->samples : BENCH_SAMPLES;
	const char *why = row->valid ? row->valid() : NULL;

	if (!why) {
		row_measure(row, count);
		why = bench_failure;
	}
	if (why) {
		row_skip(row, why);
		return;
	}
	samples_sort(count);
	if (row == bench_rows_cpu)
		overhead = percentile(count, 50);
	row_print(row, count);
}

/* Is the row among those of the command line's rows=A,B,...? The empty one
 * always is, for all others are less by it. */
static bool row_wanted(const struct bench_row *row)
{
	const char *at = loader_option("rows");

	if (!at || row == bench_rows_cpu)
		return true;
	while (*at && *at != ' ') {
		const char *name = row->name;

		while (*name && *at == *name)
			at++, name++;
		if (!*name && (!*at || *at == ',' || *at == ' '))
			return true;
		while (*at && *at != ' ' && *at++ != ',')
			;
	}
	return false;
}

static u64 table_run(const struct bench_row *table)
{
	u64 rows = 0;

	for (const struct bench_row *r = table; r->name; r++) {
		if (!row_wanted(r))
			continue;
		row_run(r);
		rows++;
	}
	return rows;
}

/* Four bytes a register; what would not do in JSON becomes a question mark. */
static char *text_add(char *to, u32 reg)
{
	for (int i = 0; i < 4; i++, reg >>= 8) {
		char c = (char)reg;

		if (c)
			*to++ = c < ' ' || c > '~' || c == '"' || c == '\\' ?
				'?' : c;
	}
	*to = '\0';
	return to;
}

static void print_brand(void)
{
	char text[49] = "";
	char *to = text;

	if (cpuid(0x80000000, 0).eax >= 0x80000004) {
		for (u32 leaf = 0x80000002; leaf <= 0x80000004; leaf++) {
			struct cpuid c = cpuid(leaf, 0);

			to = text_add(to, c.eax);
			to = text_add(to, c.ebx);
			to = text_add(to, c.ecx);
			to = text_add(to, c.edx);
		}
	}
	while (to > text && to[-1] == ' ')
		*--to = '\0';
	print_text("cpu", text);
}

static void print_names(void)
{
	char text[13];
	struct cpuid c = cpuid(0, 0);

	text_add(text_add(text_add(text, c.ebx), c.edx), c.ecx);
	print_text("vendor", text);
	print_brand();
	print_number("signature", cpuid(1, 0).eax);
	text[0] = '\0';
	if (cpuid(1, 0).ecx >> 31) {
		c = cpuid(0x40000000, 0);
		text_add(text_add(text_add(text, c.ebx), c.ecx), c.edx);
	}
	print_text("hypervisor", text);
}

/* As the command line says, with what would not do in JSON left out. */
static void print_asked(void)
{
	const char *at = loader_option("rows");
	char text[1024];
	char *to = text;

	if (!at)
		return;
	for (; *at && *at != ' ' && to < text + sizeof(text) - 1; at++)
		if (*at == '-' || *at == ',' || (*at >= 'a' && *at <= 'z') ||
		    (*at >= '0' && *at <= '9'))
			*to++ = *at;
	*to = '\0';
	print_text("asked", text);
}

/* Nobody here waits for a timer or a key that the firmware left on. */
static void pic_mask(void)
{
	outb(PIC1_MASK, 0xff);
	outb(PIC2_MASK, 0xff);
}

void guest_main(void)
{
	static const struct bench_row *const tables[] = {
		bench_rows_cpu, bench_rows_io, bench_rows_irq,
		bench_rows_memory, bench_rows_smp,
	};
	u64 rows = 0;

	pic_mask();
	guest_print("{\"suite\":\"exit-bench\"");
	print_number("version", SUITE_VERSION);
	print_names();
	print_text("loader", loader_protocol());
	print_asked();
	guest_print("}\n");
	for (unsigned int i = 0; i < ARRAY_SIZE(tables); i++)
		rows += table_run(tables[i]);
	guest_print("{\"end\":\"exit-bench\"");
	print_number("rows", rows);
	guest_print("}\n");
}
