/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The functions of an ELF image: this program's own.
 */
#include "exit-analyzer/measure/elf_code.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Labels without type or size, as assembly has them; one has two names. */
asm(".text\n"
    "label_one: nop; nop\n"
    ".globl label_two_global\n"
    "label_two: label_two_global: nop; nop; nop\n"
    "label_three: nop\n");

static const struct elf_function *named(const struct elf_code *code,
					const char *name)
{
	for (size_t i = 0; i < code->functions; i++)
		if (!strcmp(code->function[i].name, name))
			return &code->function[i];
	return NULL;
}

static void functions_are_sorted_and_apart(void **state)
{
	struct elf_code code;

	(void)state;
	assert_int_equal(elf_code_read(&code, "/proc/self/exe"), 0);
	assert_non_null(named(&code, "main"));
	for (size_t i = 0; i < code.functions; i++) {
		assert_true(code.function[i].start < code.function[i].end);
		if (i)
			assert_true(code.function[i - 1].end <=
				    code.function[i].start);
	}
	assert_true(code.sections > 0);
	elf_code_release(&code);
}

static void labels_are_functions(void **state)
{
	const struct elf_function *one, *two, *three;
	struct elf_code code;

	(void)state;
	assert_int_equal(elf_code_read(&code, "/proc/self/exe"), 0);
	one = named(&code, "label_one");
	two = named(&code, "label_two_global");
	three = named(&code, "label_three");
	assert_non_null(one);
	assert_non_null(two);
	assert_non_null(three);
	assert_null(named(&code, "label_two"));
	assert_int_equal(one->end - one->start, 2);
	assert_int_equal(two->start, one->end);
	assert_int_equal(two->end, three->start);
	elf_code_release(&code);
}

static void what_is_no_image_is_refused(void **state)
{
	char path[] = "/tmp/elf_code_test.XXXXXX";
	struct elf_code code;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(elf_code_read(&code, path), -ENOENT);
	assert_int_equal(write(fd, "\177ELF\2\1\1", 7), 7);
	assert_int_equal(elf_code_read(&code, path), -ENOENT);
	close(fd);
	unlink(path);
	assert_int_equal(elf_code_read(&code, path), -ENOENT);
	assert_int_equal(code.functions, 0);
	elf_code_release(&code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_are_sorted_and_apart),
		cmocka_unit_test(labels_are_functions),
		cmocka_unit_test(what_is_no_image_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
