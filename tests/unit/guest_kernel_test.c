/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A whole guest, made here: page tables, kernel image, kallsyms, BTF and
 * modules in a few MB of RAM. Read as it should be, and after it was damaged
 * in every place and by chance.
 */
#include "tracer/guest/guest_kernel.h"

#include <elf.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/btf_encoder.h"
#include "tests/unit/kallsyms_encoder.h"
#include "tracer/symbol/symtab.h"

#define PAGE		4096ull
#define MB		(1ull << 20)
#define PRESENT		1ull
#define WRITABLE	2ull
#define LARGE		0x80ull
#define NO_EXECUTE	(1ull << 63)

/* Guest-physical */
#define RAM_BYTES	(18 * MB)
#define TABLES_GPA	PAGE		/* page tables, up to 1 MB */
#define USER_ROOT_GPA	(1 * MB + PAGE)	/* a pair, as isolation has it */
#define ROOT_GPA	(1 * MB)
#define IMAGE_GPA	(4 * MB)
#define MODULES_GPA	(16 * MB)

/* The image: text, read-only data, data */
#define TEXT		0xffffffff9a000000ull
#define RODATA		(TEXT + 4 * MB)
#define BTF		(RODATA + 1 * MB)
#define DATA		(TEXT + 6 * MB)
#define END		(TEXT + 12 * MB)
#define TOP_TABLE	DATA		/* init_top_pgt */
#define MODULES_HEAD	(DATA + 2 * PAGE)

#define MODULES_GVA	0xffffffffc0500000ull
#define MODULES_BYTES	(1 * MB)
#define MODULES		3
#define MODULE_SYMBOLS	40
#define MODULE_EXPORTS	3

/* Where the made struct module has its members */
enum { STATE = 0, LIST = 8, NAME = 24, SYMS = 96, NUM_SYMS = 104,
       KALLSYMS = 200, TABLES = 256, MODULE_ROOM = 0x10000 };

#define COUNT		2600

struct fixture {
	uint8_t *ram, *pristine;
	struct guest_memory m;
	struct guest_paging p;
	uint64_t next_table;
	struct encoder e;
	size_t btf_bytes;
	char *kernel_text, *all_text;
	size_t kernel_bytes, all_bytes;
	/* where each module's line start: [MODULES] is the end */
	size_t module_line[MODULES + 1];
};

static uint8_t *image_at(struct fixture *f, uint64_t gva)
{
	return f->ram + IMAGE_GPA + (gva - TEXT);
}

/* Module pages lie in RAM the other way round. */
static uint64_t module_gpa(uint64_t gva)
{
	uint64_t page = (gva - MODULES_GVA) / PAGE;

	return MODULES_GPA + MODULES_BYTES - (page + 1) * PAGE + gva % PAGE;
}

static void module_put(struct fixture *f, uint64_t gva, const void *from,
		       size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		f->ram[module_gpa(gva + i)] = ((const uint8_t *)from)[i];
}

static void module_put_u64(struct fixture *f, uint64_t gva, uint64_t v,
			   size_t bytes)
{
	module_put(f, gva, &v, bytes);
}

static uint64_t module_gva(unsigned int i)
{
	return MODULES_GVA + PAGE + i * MODULE_ROOM;
}

static void map(struct fixture *f, uint64_t root, uint64_t gva, uint64_t leaf,
		int leaf_level)
{
	uint64_t table = root;

	for (int level = f->p.cr4 & 1u << 12 ? 5 : 4; ; level--) {
		uint64_t *e = (uint64_t *)(f->ram + table) +
			(gva >> (12 + 9 * (level - 1)) & 511);

		if (level == leaf_level) {
			*e = leaf | PRESENT;
			return;
		}
		if (!*e) {
			*e = f->next_table | PRESENT | WRITABLE;
			f->next_table += PAGE;
		}
		table = *e & 0x000ffffffffff000ull;
	}
}

static void map_image(struct fixture *f, uint64_t root, uint64_t from,
		      uint64_t to, uint64_t flags)
{
	for (uint64_t gva = from; gva < to; gva += 2 * MB)
		map(f, root, gva, (IMAGE_GPA + gva - TEXT) | flags | LARGE, 2);
}

/* A process has the image; only the kernel's own table has the modules. */
static void make_page_tables(struct fixture *f)
{
	uint64_t roots[] = { ROOT_GPA, IMAGE_GPA + (TOP_TABLE - TEXT) };

	f->next_table = TABLES_GPA;
	for (int i = 0; i < 2; i++) {
		map_image(f, roots[i], TEXT, RODATA, 0);
		map_image(f, roots[i], RODATA, DATA, NO_EXECUTE);
		map_image(f, roots[i], DATA, END, WRITABLE | NO_EXECUTE);
	}
	map_image(f, USER_ROOT_GPA, TEXT, RODATA, 0);
	for (uint64_t i = 0; i < MODULES_BYTES; i += PAGE)
		map(f, roots[1], MODULES_GVA + i,
		    module_gpa(MODULES_GVA + i) | WRITABLE | NO_EXECUTE, 1);
}

static void make_kallsyms(struct fixture *f, const struct layout *l)
{
	struct test_symbol *s = calloc(COUNT, sizeof(*s));
	struct { const char *name; uint64_t address; } last[] = {
		{ "__start_BTF", BTF }, { "__stop_BTF", BTF + f->btf_bytes },
		{ "init_top_pgt", TOP_TABLE }, { "modules", MODULES_HEAD },
	};

	symbols_make(s, COUNT, 0, TEXT);
	for (int i = 0; i < 4; i++) {
		struct test_symbol *to = &s[COUNT - 4 + i];

		to->address = last[i].address;
		to->type = 'D';
		strcpy(to->name, last[i].name);
	}
	f->e = (struct encoder){
		.out = image_at(f, RODATA), .gva = RODATA, .at = 0x3000,
	};
	encoder_write(&f->e, l, s, COUNT, TEXT);
	f->kernel_bytes = symbols_print(s, COUNT, f->kernel_text);
	free(s);
}

static void make_btf(struct fixture *f)
{
	struct btf_encoder e = { 0 };
	uint32_t u;

	btf_add(&e, KIND_FWD, "module", 0, 0);
	u = btf_add(&e, KIND_UNION, "", 1, 8);
	btf_add_member(&e, "kallsyms", 0, 0);
	btf_add(&e, KIND_STRUCT, "module", 6, 512);
	btf_add_member(&e, "state", 0, STATE);
	btf_add_member(&e, "list", 0, LIST);
	btf_add_member(&e, "name", 0, NAME);
	btf_add_member(&e, "syms", 0, SYMS);
	btf_add_member(&e, "num_syms", 0, NUM_SYMS);
	btf_add_member(&e, "", u, KALLSYMS);
	btf_add(&e, KIND_STRUCT, "mod_kallsyms", 4, 32);
	btf_add_member(&e, "symtab", 0, 0);
	btf_add_member(&e, "num_symtab", 0, 8);
	btf_add_member(&e, "strtab", 0, 16);
	btf_add_member(&e, "typetab", 0, 24);
	btf_add(&e, KIND_STRUCT, "kernel_symbol", 3, 12);
	btf_add_member(&e, "value_offset", 0, 0);
	btf_add_member(&e, "name_offset", 0, 4);
	btf_add_member(&e, "namespace_offset", 0, 8);
	f->btf_bytes = btf_write(&e, image_at(f, BTF));
}

/* The tables of one module behind its struct; its lines go to the text. */
static void make_module(struct fixture *f, unsigned int i)
{
	uint64_t at = module_gva(i), symtab = at + TABLES + 64;
	uint64_t types = symtab + MODULE_SYMBOLS * sizeof(Elf64_Sym);
	uint64_t exports = types + MODULE_SYMBOLS;
	uint64_t strings = exports + MODULE_EXPORTS * 12, end = strings + 1;
	unsigned int exported = 0;
	char name[64];

	snprintf(name, sizeof(name), "module_%u", i);
	module_put(f, at + NAME, name, strlen(name) + 1);
	module_put_u64(f, at + KALLSYMS, at + TABLES, 8);
	module_put_u64(f, at + TABLES, symtab, 8);
	module_put_u64(f, at + TABLES + 8, MODULE_SYMBOLS, 4);
	module_put_u64(f, at + TABLES + 16, strings, 8);
	module_put_u64(f, at + TABLES + 24, types, 8);
	module_put_u64(f, at + SYMS, exports, 8);
	module_put_u64(f, at + NUM_SYMS, MODULE_EXPORTS, 4);
	for (unsigned int s = 1; s < MODULE_SYMBOLS; s++) {
		uint64_t value = at + 0x8000 + s / 2 * 32;
		bool export = s % 4 == 1 && exported < MODULE_EXPORTS;
		char type = "tdrb"[s % 4];
		Elf64_Sym sym = { .st_name = end - strings, .st_value = value };

		snprintf(name, sizeof(name), "m%u_function_%u", i, s);
		module_put(f, symtab + s * sizeof(sym), &sym, sizeof(sym));
		module_put(f, types + s, &type, 1);
		module_put(f, end, name, strlen(name) + 1);
		if (export) {
			uint64_t e = exports + exported++ * 12;

			module_put_u64(f, e, value - e, 4);
			module_put_u64(f, e + 4, end - (e + 4), 4);
			type += 'A' - 'a';
		}
		end += strlen(name) + 1;
		f->all_bytes += sprintf(f->all_text + f->all_bytes,
					"%016llx %c %s\t[module_%u]\n",
					(unsigned long long)value, type, name,
					i);
	}
}

static void make_modules(struct fixture *f)
{
	uint64_t before = MODULES_HEAD;
	uint64_t *head = (uint64_t *)image_at(f, MODULES_HEAD);

	head[0] = module_gva(0) + LIST;
	head[1] = module_gva(MODULES - 1) + LIST;
	for (unsigned int i = 0; i < MODULES; i++) {
		uint64_t next = i < MODULES - 1 ? module_gva(i + 1) + LIST :
			MODULES_HEAD;

		f->module_line[i] = f->all_bytes;
		make_module(f, i);
		module_put_u64(f, module_gva(i) + LIST, next, 8);
		module_put_u64(f, module_gva(i) + LIST + 8, before, 8);
		before = module_gva(i) + LIST;
	}
	f->module_line[MODULES] = f->all_bytes;
}

static void guest_make(struct fixture *f, const struct layout *l,
		       uint64_t cr4)
{
	memset(f->ram, 0, RAM_BYTES);
	f->p = (struct guest_paging){
		.cr0 = 0x80050033, .cr3 = ROOT_GPA, .cr4 = cr4, .efer = 0xd01,
	};
	make_page_tables(f);
	make_btf(f);
	make_kallsyms(f, l);
	memcpy(f->all_text, f->kernel_text, f->kernel_bytes);
	f->all_bytes = f->kernel_bytes;
	make_modules(f);
	memcpy(f->pristine, f->ram, RAM_BYTES);
}

static int group_open(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->ram = aligned_alloc(PAGE, RAM_BYTES);
	f->pristine = malloc(RAM_BYTES);
	f->kernel_text = malloc(1 * MB);
	f->all_text = malloc(1 * MB);
	f->m.extents = 1;
	f->m.extent[0] = (struct guest_extent){ 0, RAM_BYTES, f->ram };
	guest_make(f, &layouts[5], 0x6b0);
	*state = f;
	return 0;
}

static int group_close(void **state)
{
	struct fixture *f = *state;

	free(f->ram);
	free(f->pristine);
	free(f->kernel_text);
	free(f->all_text);
	free(f);
	return 0;
}

static int guest_mend(void **state)
{
	struct fixture *f = *state;

	memcpy(f->ram, f->pristine, RAM_BYTES);
	return 0;
}

/* Opens, and expects modules_bad and the given text. */
static void check_text(struct fixture *f, const struct guest_paging *p,
		       const char *text, size_t bytes, unsigned int bad)
{
	const char *why = NULL;
	struct guest_kernel *k = guest_kernel_open(&f->m, p, &why);
	unsigned int modules_bad = ~0u;
	size_t got_bytes;
	char *got;

	if (!k)
		fail_msg("%s", why);
	assert_int_equal(guest_kernel_text(k), TEXT);
	assert_int_equal(guest_kernel_symbols(k), COUNT);
	assert_int_equal(guest_kernel_kallsyms(k, &got, &got_bytes,
					       &modules_bad), 0);
	assert_int_equal(modules_bad, bad);
	assert_int_equal(got_bytes, bytes);
	assert_memory_equal(got, text, bytes);
	free(got);
	guest_kernel_close(k);
}

static void check_all(struct fixture *f, const struct guest_paging *p)
{
	check_text(f, p, f->all_text, f->all_bytes, 0);
}

/* All but one module's lines. */
static void check_without(struct fixture *f, unsigned int module,
			  unsigned int bad)
{
	char *text = malloc(f->all_bytes);
	size_t from = f->module_line[module], to = f->module_line[module + 1];

	memcpy(text, f->all_text, from);
	memcpy(text + from, f->all_text + to, f->all_bytes - to);
	check_text(f, &f->p, text, f->all_bytes - (to - from), bad);
	free(text);
}

static void check_none(struct fixture *f, const struct guest_paging *p,
		       int err)
{
	const char *why = NULL;

	errno = 0;
	assert_null(guest_kernel_open(&f->m, p, &why));
	assert_int_equal(errno, err);
	assert_non_null(why);
}

static void every_layout_and_paging_is_read(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < LAYOUTS; i++) {
		guest_make(f, &layouts[i], i % 2 ? 0x16b0 : 0x6b0);
		check_all(f, &f->p);
	}
	guest_make(f, &layouts[5], 0x6b0);
}

static void text_can_be_taken_again_and_again(void **state)
{
	struct fixture *f = *state;
	const char *why;
	struct guest_kernel *k = guest_kernel_open(&f->m, &f->p, &why);

	assert_non_null(k);
	for (int i = 0; i < 3; i++) {
		size_t bytes;
		char *text;

		assert_int_equal(guest_kernel_kallsyms(k, &text, &bytes, NULL),
				 0);
		assert_int_equal(bytes, f->all_bytes);
		assert_memory_equal(text, f->all_text, bytes);
		free(text);
	}
	guest_kernel_close(k);
	guest_kernel_close(NULL);
}

static void user_table_of_isolation_leads_to_the_kernel(void **state)
{
	struct fixture *f = *state;
	struct guest_paging p = f->p;

	p.cr3 = USER_ROOT_GPA;
	check_all(f, &p);
	/* with PCID hardly anything is mapped there */
	memset(f->ram + USER_ROOT_GPA, 0, PAGE);
	p.cr3 |= 0x801;
	check_all(f, &p);
}

static void early_boot_has_nothing_protected(void **state)
{
	struct fixture *f = *state;

	map_image(f, ROOT_GPA, TEXT, END, WRITABLE);
	check_all(f, &f->p);
}

static void no_kernel_yet_is_said(void **state)
{
	struct fixture *f = *state;
	struct guest_paging p = f->p;

	p.cr0 &= ~(1ull << 31);
	check_none(f, &p, EAGAIN);
	p = f->p;
	p.efer = 0;
	check_none(f, &p, EAGAIN);
	p = f->p;
	p.cr3 = 15 * MB;
	check_none(f, &p, EAGAIN);
	p.cr3 = RAM_BYTES;
	check_none(f, &p, EAGAIN);
	/* too little mapped: what a decompressor might do */
	p.cr3 = 14 * MB;
	map_image(f, p.cr3, TEXT, TEXT + 2 * MB, WRITABLE);
	check_none(f, &p, EAGAIN);
}

static void image_without_symbols_is_said(void **state)
{
	struct fixture *f = *state;

	memset(f->ram + IMAGE_GPA + 4 * MB, 0, 1 * MB);
	check_none(f, &f->p, ENOENT);
	f->m.extent[0].bytes = IMAGE_GPA + 5 * MB;
	check_none(f, &f->p, ENOENT);
	f->m.extent[0].bytes = RAM_BYTES;
}

static void kernel_without_btf_has_no_modules(void **state)
{
	struct fixture *f = *state;

	image_at(f, BTF)[0] = 0;
	check_text(f, &f->p, f->kernel_text, f->kernel_bytes, MODULES);
}

static void unformed_module_is_passed_over(void **state)
{
	struct fixture *f = *state;

	module_put_u64(f, module_gva(1) + STATE, 3, 4);
	check_without(f, 1, 0);
}

static void damaged_module_is_left_out(void **state)
{
	struct fixture *f = *state;
	uint64_t at = module_gva(1), symtab = at + TABLES + 64;
	const struct { uint64_t gva, value; size_t bytes; } damage[] = {
		{ at + NAME, 0, 1 },			/* no name */
		{ at + NAME + 1, '\n', 1 },
		{ at + NAME + 1, ']', 1 },
		{ at + KALLSYMS, 0, 8 },
		{ at + KALLSYMS, ~0ull, 8 },
		{ at + TABLES, 0x123, 8 },		/* symtab */
		{ at + TABLES + 8, 0xffffffff, 4 },	/* num_symtab */
		{ at + TABLES + 8, 200000, 4 },
		{ at + TABLES + 16, 0, 8 },		/* strtab */
		{ at + TABLES + 16, MODULES_GVA + MODULES_BYTES - 8, 8 },
		{ at + TABLES + 24, 1ull << 63, 8 },	/* typetab */
		{ symtab + 24 * 5, 0xfffffff0, 4 },	/* st_name */
		{ symtab + 24 * 5, 0x3ffff0, 4 },
		{ at + SYMS, 0, 8 },
		{ at + NUM_SYMS, 0x7fffffff, 4 },
	};

	for (size_t i = 0; i < sizeof(damage) / sizeof(damage[0]); i++) {
		module_put_u64(f, damage[i].gva, damage[i].value,
			       damage[i].bytes);
		check_without(f, 1, 1);
		guest_mend(state);
	}
	check_all(f, &f->p);
}

static void list_without_end_is_cut(void **state)
{
	struct fixture *f = *state;

	/* the last points at the first, at itself, to nowhere */
	module_put_u64(f, module_gva(2) + LIST, module_gva(0) + LIST, 8);
	check_text(f, &f->p, f->all_text, f->all_bytes, 1);
	module_put_u64(f, module_gva(2) + LIST, module_gva(2) + LIST, 8);
	check_text(f, &f->p, f->all_text, f->all_bytes, 1);
	module_put_u64(f, module_gva(2) + LIST, 0, 8);
	check_text(f, &f->p, f->all_text, f->all_bytes, 2);
	memset(image_at(f, MODULES_HEAD), 0xff, 16);
	check_text(f, &f->p, f->kernel_text, f->kernel_bytes, 2);
}

/* Page tables that are each other's: a GB of kernel, in every state. */
static void cyclic_page_tables_end(void **state)
{
	struct fixture *f = *state;
	struct guest_paging p = f->p;
	uint64_t *root = (uint64_t *)(f->ram + 15 * MB);

	p.cr3 = 15 * MB;
	for (int i = 0; i < 512; i++)
		root[i] = p.cr3 | PRESENT;
	check_none(f, &p, EAGAIN);
	/* linear, though: each page of the window where it should be */
	for (int i = 0; i < 512; i++)
		root[i] = i * 2 * MB | PRESENT | LARGE;
	root[511] = root[510] = p.cr3 | PRESENT;
	check_none(f, &p, ENOENT);
}

static void check_lines(const char *text, size_t bytes)
{
	size_t bad = 0;
	struct symtab *t = symtab_from_kallsyms(text, bytes, &bad);

	assert_non_null(t);
	assert_int_equal(bad, 0);
	symtab_free(t);
}

/* Somewhere that matters: a table, a list, a string. */
static uint64_t place_choose(struct fixture *f, unsigned int *seed)
{
	uint64_t base = IMAGE_GPA + (RODATA - TEXT);
	uint64_t offset = rand_r(seed);

	switch (rand_r(seed) % 8) {
	case 0:		return TABLES_GPA + offset % (16 * PAGE);
	case 1:		return ROOT_GPA + 511 * 8 + offset % 8;
	case 2:		return base + f->e.num_at + offset % 64;
	case 3:		return base + offset % f->e.end;
	case 4:		return base + 1 * MB + offset % f->btf_bytes;
	case 5:		return IMAGE_GPA + (MODULES_HEAD - TEXT) + offset % 16;
	case 6:		return module_gpa(module_gva(offset % MODULES) +
					  rand_r(seed) % (TABLES + 64));
	default:	return module_gpa(module_gva(offset % MODULES) +
					  rand_r(seed) % 3000);
	}
}

static void noise_does_no_harm(void **state)
{
	struct fixture *f = *state;
	unsigned int seed = 17, opened = 0;

	for (int round = 0; round < 600; round++) {
		uint64_t at[4];
		unsigned int count = 1 + rand_r(&seed) % 4;
		const char *why;
		struct guest_kernel *k;
		size_t bytes;
		char *text;

		for (unsigned int i = 0; i < count; i++) {
			at[i] = place_choose(f, &seed);
			f->ram[at[i]] = rand_r(&seed);
		}
		k = guest_kernel_open(&f->m, &f->p, &why);
		if (k && !guest_kernel_kallsyms(k, &text, &bytes, NULL)) {
			check_lines(text, bytes);
			free(text);
			opened++;
		}
		guest_kernel_close(k);
		for (unsigned int i = 0; i < count; i++)
			f->ram[at[i]] = f->pristine[at[i]];
	}
	/* or it would have tested less than it says */
	assert_in_range(opened, 100, 599);
}

#define TEST(f) cmocka_unit_test_setup(f, guest_mend)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_layout_and_paging_is_read),
		TEST(text_can_be_taken_again_and_again),
		TEST(user_table_of_isolation_leads_to_the_kernel),
		TEST(early_boot_has_nothing_protected),
		TEST(no_kernel_yet_is_said),
		TEST(image_without_symbols_is_said),
		TEST(kernel_without_btf_has_no_modules),
		TEST(unformed_module_is_passed_over),
		TEST(damaged_module_is_left_out),
		TEST(list_without_end_is_cut),
		TEST(cyclic_page_tables_end),
		TEST(noise_does_no_harm),
	};

	return cmocka_run_group_tests(tests, group_open, group_close);
}
