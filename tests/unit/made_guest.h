/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A whole guest, made for tests: page tables, kernel image, kallsyms, BTF
 * and modules in a few MB of RAM.
 */
#ifndef TESTS_UNIT_MADE_GUEST_H
#define TESTS_UNIT_MADE_GUEST_H

#include <elf.h>
#include <stdlib.h>

#include "tests/unit/btf_encoder.h"
#include "tests/unit/kallsyms_encoder.h"
#include "tracer/guest/guest_memory.h"

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

/* Processes, in a circle with init_task; the last is a kernel thread. */
#define INIT_TASK	(DATA + 3 * PAGE)
#define TASKS_GVA	(MODULES_GVA + 0x80000)
#define PGDS_GVA	(MODULES_GVA + 0xc0000)
#define PROCESSES	4
/* Where the made structs task_struct and mm_struct have their members */
enum { TASKS = 0x18, MM = 0x40, TGID = 0x60, COMM = 0x80, STARTED = 0x98,
       PGD = 0x20, MM_TABLES = 0x200, TASK_ROOM = 0x400 };

#define COUNT		2600

/* init_top_pgt, the tables that no process has */
#define KERNEL_CR3	(IMAGE_GPA + (TOP_TABLE - TEXT))

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

static inline uint8_t *image_at(struct fixture *f, uint64_t gva)
{
	return f->ram + IMAGE_GPA + (gva - TEXT);
}

/* Module pages lie in RAM the other way round. */
static inline uint64_t module_gpa(uint64_t gva)
{
	uint64_t page = (gva - MODULES_GVA) / PAGE;

	return MODULES_GPA + MODULES_BYTES - (page + 1) * PAGE + gva % PAGE;
}

static inline void module_put(struct fixture *f, uint64_t gva, const void *from,
			      size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		f->ram[module_gpa(gva + i)] = ((const uint8_t *)from)[i];
}

static inline void module_put_u64(struct fixture *f, uint64_t gva, uint64_t v,
				  size_t bytes)
{
	module_put(f, gva, &v, bytes);
}

static inline uint64_t module_gva(unsigned int i)
{
	return MODULES_GVA + PAGE + i * MODULE_ROOM;
}

static inline void map(struct fixture *f, uint64_t root, uint64_t gva,
		       uint64_t leaf, int leaf_level)
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

static inline void map_image(struct fixture *f, uint64_t root, uint64_t from,
			     uint64_t to, uint64_t flags)
{
	for (uint64_t gva = from; gva < to; gva += 2 * MB)
		map(f, root, gva, (IMAGE_GPA + gva - TEXT) | flags | LARGE, 2);
}

/* A process has the image; only the kernel's own table has the modules. */
static inline void make_page_tables(struct fixture *f)
{
	uint64_t roots[] = { ROOT_GPA, KERNEL_CR3 };

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

static inline void make_kallsyms(struct fixture *f, const struct layout *l)
{
	struct test_symbol *s = calloc(COUNT, sizeof(*s));
	struct { const char *name; uint64_t address; } last[] = {
		{ "__start_BTF", BTF }, { "__stop_BTF", BTF + f->btf_bytes },
		{ "init_top_pgt", TOP_TABLE }, { "modules", MODULES_HEAD },
		{ "init_task", INIT_TASK },
	};

	symbols_make(s, COUNT, 0, TEXT);
	for (int i = 0; i < 5; i++) {
		struct test_symbol *to = &s[COUNT - 5 + i];

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

static inline void make_btf(struct fixture *f)
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
	btf_add(&e, KIND_STRUCT, "task_struct", 5, TASK_ROOM);
	btf_add_member(&e, "tasks", 0, TASKS);
	btf_add_member(&e, "mm", 0, MM);
	btf_add_member(&e, "tgid", 0, TGID);
	btf_add_member(&e, "comm", 0, COMM);
	btf_add_member(&e, "start_boottime", 0, STARTED);
	u = btf_add(&e, KIND_STRUCT, "", 1, 0x100);
	btf_add_member(&e, "pgd", 0, PGD);
	btf_add(&e, KIND_STRUCT, "mm_struct", 1, 0x100);
	btf_add_member(&e, "", u, 0);
	f->btf_bytes = btf_write(&e, image_at(f, BTF));
}

/* The tables of one module behind its struct; its lines go to the text. */
static inline void make_module(struct fixture *f, unsigned int i)
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

static inline void make_modules(struct fixture *f)
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

static inline uint64_t task_gva(unsigned int i)
{
	return TASKS_GVA + i * TASK_ROOM;
}

/* Process i has pid i + 1; its tables lie in RAM the other way round. */
static inline uint64_t task_cr3(unsigned int i)
{
	return module_gpa(PGDS_GVA + i * 2 * PAGE);
}

static inline void make_processes(struct fixture *f)
{
	uint64_t *head = (uint64_t *)image_at(f, INIT_TASK + TASKS);

	*head = task_gva(0) + TASKS;
	for (unsigned int i = 0; i < PROCESSES; i++) {
		uint64_t at = task_gva(i), mm = at + MM_TABLES;
		char comm[16];

		sprintf(comm, "process %u", i + 1);
		module_put_u64(f, at + TASKS, i < PROCESSES - 1 ?
			       task_gva(i + 1) + TASKS : INIT_TASK + TASKS, 8);
		module_put_u64(f, at + MM, i < PROCESSES - 1 ? mm : 0, 8);
		module_put_u64(f, at + TGID, i + 1, 4);
		module_put(f, at + COMM, comm, sizeof(comm));
		module_put_u64(f, mm + PGD, PGDS_GVA + i * 2 * PAGE, 8);
	}
}

static inline void guest_make(struct fixture *f, const struct layout *l,
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
	make_processes(f);
	memcpy(f->pristine, f->ram, RAM_BYTES);
}

/* The usual one, in RAM of its own. */
static inline void guest_open(struct fixture *f)
{
	f->ram = aligned_alloc(PAGE, RAM_BYTES);
	f->pristine = malloc(RAM_BYTES);
	f->kernel_text = malloc(1 * MB);
	f->all_text = malloc(1 * MB);
	f->m.extents = 1;
	f->m.extent[0] = (struct guest_extent){ 0, RAM_BYTES, f->ram };
	guest_make(f, &layouts[5], 0x6b0);
}

static inline void guest_close(struct fixture *f)
{
	free(f->ram);
	free(f->pristine);
	free(f->kernel_text);
	free(f->all_text);
}

#endif
