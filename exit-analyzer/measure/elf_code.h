/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The code of an ELF image: its functions by address, and its bytes. Labels
 * of assembly are functions, too, up to the next one.
 */
#ifndef EXIT_ANALYZER_MEASURE_ELF_CODE_H
#define EXIT_ANALYZER_MEASURE_ELF_CODE_H

#include <stddef.h>
#include <stdint.h>

struct elf_function {
	uint64_t start, end;
	char *name;
	/* Private Part */
	unsigned int rank;	/* of several names the lowest is taken */
};

struct elf_section {
	uint64_t start, end;
	uint8_t *bytes;
};

struct elf_code {
	struct elf_function *function;	/* sorted; none overlap */
	size_t functions;
	struct elf_section *section;	/* with code in them */
	size_t sections;
};

/* 0; -ENOENT: no symbols, or no code; or another negative errno. */
int elf_code_read(struct elf_code *code, const char *path);
void elf_code_release(struct elf_code *code);

#endif
