/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A whole made guest, read as it should be, and after it was damaged in every
 * place and by chance.
 */
#include "tracer/guest/guest_kernel.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/made_guest.h"
#include "tracer/symbol/symtab.h"

static int group_open(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	guest_open(f);
	*state = f;
	return 0;
}

static int group_close(void **state)
{
	struct fixture *f = *state;

	guest_close(f);
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
