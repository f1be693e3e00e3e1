/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading the code of an ELF image, with libelf.
 */
#include "exit-analyzer/measure/elf_code.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* no image of ours comes near */
#define FUNCTIONS_MAX 65536
#define SECTIONS_MAX 256

static int section_add(struct elf_code *code, Elf_Scn *scn,
		       const GElf_Shdr *sh)
{
	Elf_Data *data = elf_rawdata(scn, NULL);
	struct elf_section *more;

	if (!data || data->d_size != sh->sh_size || !sh->sh_size)
		return 0;
	if (code->sections == SECTIONS_MAX)
		return -E2BIG;
	more = reallocarray(code->section, code->sections + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	code->section = more;
	more += code->sections;
	more->start = sh->sh_addr;
	more->end = sh->sh_addr + sh->sh_size;
	more->bytes = malloc(sh->sh_size);
	if (!more->bytes)
		return -ENOMEM;
	memcpy(more->bytes, data->d_buf, sh->sh_size);
	code->sections++;
	return 0;
}

static const struct elf_section *section_of(const struct elf_code *code,
					    uint64_t address)
{
	for (size_t i = 0; i < code->sections; i++)
		if (address >= code->section[i].start &&
		    address < code->section[i].end)
			return &code->section[i];
	return NULL;
}

/* Room for one more. */
static int functions_grow(struct elf_code *code)
{
	struct elf_function *more;

	/* a power of two is full */
	if (code->functions & (code->functions - 1))
		return 0;
	if (code->functions >= FUNCTIONS_MAX)
		return -E2BIG;
	more = reallocarray(code->function, code->functions ?
			    2 * code->functions : 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	code->function = more;
	return 0;
}

static int symbol_add(struct elf_code *code, const GElf_Sym *sym,
		      const char *name)
{
	int type = GELF_ST_TYPE(sym->st_info);
	char *copy;
	int err;

	if ((type != STT_FUNC && type != STT_NOTYPE) || !name || !*name ||
	    sym->st_shndx == SHN_UNDEF || sym->st_shndx >= SHN_LORESERVE ||
	    !section_of(code, sym->st_value))
		return 0;
	err = functions_grow(code);
	if (err)
		return err;
	copy = strdup(name);
	if (!copy)
		return -ENOMEM;
	/* at one address functions before labels, and what others may call
	 * before what they may not */
	code->function[code->functions++] = (struct elf_function){
		.start = sym->st_value,
		.name = copy,
		.rank = 2 * (type != STT_FUNC) +
			(GELF_ST_BIND(sym->st_info) == STB_LOCAL),
	};
	return 0;
}

static int symbols_read(struct elf_code *code, Elf *elf, Elf_Scn *scn,
			const GElf_Shdr *sh)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	GElf_Sym sym;
	int err = 0;

	for (int i = 0; !err && data && gelf_getsym(data, i, &sym); i++)
		err = symbol_add(code, &sym,
				 elf_strptr(elf, sh->sh_link, sym.st_name));
	return err;
}

static int function_order(const void *a, const void *b)
{
	const struct elf_function *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* One name for each address, each up to the next. */
static void functions_arrange(struct elf_code *code)
{
	size_t kept = 0;

	if (code->functions)
		qsort(code->function, code->functions, sizeof(*code->function),
		      function_order);
	for (size_t i = 0; i < code->functions; i++) {
		struct elf_function *f = &code->function[i];

		if (kept && code->function[kept - 1].start == f->start)
			free(f->name);
		else
			code->function[kept++] = *f;
	}
	code->functions = kept;
	for (size_t i = 0; i < kept; i++) {
		struct elf_function *f = &code->function[i];

		f->end = section_of(code, f->start)->end;
		if (i + 1 < kept && f[1].start < f->end)
			f->end = f[1].start;
	}
}

/* The symbols, or else the sections that they are in. */
static int sections_walk(struct elf_code *code, Elf *elf, bool symbols)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;
	int err = 0;

	while (!err && (scn = elf_nextscn(elf, scn))) {
		if (!gelf_getshdr(scn, &sh))
			continue;
		if (symbols && sh.sh_type == SHT_SYMTAB)
			err = symbols_read(code, elf, scn, &sh);
		else if (!symbols && sh.sh_type == SHT_PROGBITS &&
			 sh.sh_flags & SHF_EXECINSTR)
			err = section_add(code, scn, &sh);
	}
	return err;
}

int elf_code_read(struct elf_code *code, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err = -ENOENT;
	Elf *elf;

	*code = (struct elf_code){ 0 };
	if (fd < 0)
		return -errno;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf)
		err = sections_walk(code, elf, false);
	if (!err)
		err = sections_walk(code, elf, true);
	functions_arrange(code);
	elf_end(elf);
	close(fd);
	if (!err && !code->functions)
		err = -ENOENT;
	if (err)
		elf_code_release(code);
	return err;
}

void elf_code_release(struct elf_code *code)
{
	for (size_t i = 0; i < code->functions; i++)
		free(code->function[i].name);
	for (size_t i = 0; i < code->sections; i++)
		free(code->section[i].bytes);
	free(code->function);
	free(code->section);
	*code = (struct elf_code){ 0 };
}
