/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's options from its command line and from boot modules, and with
 * which words it refuses the rest.
 */
/* the core's own files: no hosted library has them */
#include "vmm-core/boot/guest_config.c"
#include "vmm-core/boot/options.c"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "vmm-core/lib/parse.c"
#include "vmm-core/lib/vsnprintk.c"

static jmp_buf refused;
static char refusal[512];

void refuse(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintk(refusal, sizeof(refusal), fmt, args);
	va_end(args);
	longjmp(refused, 1);
}

void strlcpy(char *to, const char *from, size_t size)
{
	snprintf(to, size, "%s", from);
}

/* The message about that option. */
static const char *refusal_of(const char *word)
{
	refusal[0] = '\0';
	if (!setjmp(refused))
		options_refuse(word);
	return refusal;
}

/* options */

static const char *parse(struct options *options, const char *text, bool named)
{
	static char line[256];

	strlcpy(line, text, sizeof(line));
	return options_parse(options, line, named);
}

static void options_have_defaults(void **state)
{
	struct options o;

	(void)state;
	assert_null(parse(&o, "", false));
	assert_int_equal(o.log_com, 2);
	assert_int_equal(o.guest_com, 1);
	assert_int_equal(o.ring_bytes, 64 << 20);
	assert_int_equal(o.cpus, ANCHOR_CPUS_MAX);
	assert_int_equal(o.exit_port, 0);
	assert_int_equal(o.stop_after_ns, 0);
	assert_false(o.fresh_ram);
	assert_false(o.verbose);
}

static void options_are_taken(void **state)
{
	struct options o;

	(void)state;
	assert_null(parse(&o, "log=none console=com3 ring=16K exit-port=0xf4 "
			  "stop-after=5 cpus=3 fresh-ram verbose", false));
	assert_int_equal(o.log_com, 0);
	assert_int_equal(o.guest_com, 3);
	assert_int_equal(o.ring_bytes, 16384);
	assert_int_equal(o.exit_port, 0xf4);
	assert_int_equal(o.stop_after_ns, 5);
	assert_int_equal(o.cpus, 3);
	assert_true(o.fresh_ram);
	assert_true(o.verbose);
}

static void image_path_is_skipped(void **state)
{
	struct options o;

	(void)state;
	assert_null(parse(&o, "/boot/x=y verbose", false));
	assert_null(parse(&o, "vmm-core.elf verbose", false));
	assert_null(parse(&o, "core verbose", true));
	assert_true(o.verbose);
	assert_string_equal(parse(&o, "core verbose", false), "core");
	assert_string_equal(parse(&o, "verbose /boot/x", false), "/boot/x");
}

static void first_bad_option_is_told(void **state)
{
	struct options o;

	(void)state;
	assert_string_equal(parse(&o, "ring=1G foo=1 bar log=com1", false),
			    "foo=1");
	/* and the others were obeyed */
	assert_int_equal(o.log_com, 1);
}

static void bad_values(void **state)
{
	static const char *const bad[] = {
		"log", "log=", "log=com0", "log=com5", "log=com", "log=tty",
		"ring=8K", "ring=17K", "ring=0", "ring=128G", "ring=x",
		"exit-port=0", "exit-port=0x10000", "stop-after=0",
		"stop-after=1s", "stop-after=18446744073709551615",
		"cpus=0", "cpus=65", "verbose=", "verbose=1", "fresh-ram=1",
		"Verbose", "log=com1x",
	};
	struct options o;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		if (!parse(&o, bad[i], false))
			fail_msg("'%s' was taken", bad[i]);
		assert_non_null(strstr(refusal_of(bad[i]), bad[i]));
	}
}

static void unknown_option_lists_all(void **state)
{
	(void)state;
	refusal_of("foo=1");
	for (size_t i = 0; i < ARRAY_SIZE(option_table); i++)
		assert_non_null(strstr(refusal, option_table[i].name));
	/* and fits into the anchor */
	assert_true(strlen(refusal) < sizeof(((struct anchor *)0)->refusal));
}

/* boot modules */

static struct boot_info boot;
static struct guest_configs configs;

/* Up to three modules; true: they were taken. */
static bool modules(bool named, const char *a, const char *b, const char *c)
{
	const char *text[] = { a, b, c };

	memset(&boot, 0, sizeof(boot));
	memset(&configs, 0, sizeof(configs));
	boot.names_first = named;
	for (unsigned int i = 0; i < 3 && text[i]; i++) {
		boot.module[i].at.start = 0x1000 * (i + 1);
		boot.module[i].at.end = 0x1000 * (i + 2);
		strlcpy(boot.module[i].text, text[i],
			sizeof(boot.module[i].text));
		boot.modules_count++;
	}
	refusal[0] = '\0';
	if (setjmp(refused))
		return false;
	guest_configs_parse(&configs, &boot);
	return true;
}

static void kernel_with_everything(void **state)
{
	(void)state;
	assert_true(modules(false, "kernel vm=a mem=7M vcpus=1 pv=eoi,clock "
			    "-- root=x  -- y=1", "initrd vm=a", NULL));
	assert_int_equal(configs.count, 1);
	assert_string_equal(configs.vm[0].name, "a");
	assert_int_equal(configs.vm[0].ram_bytes, 8 << 20);
	assert_int_equal(configs.vm[0].pv, VM_PV_EOI | VM_PV_CLOCK);
	assert_string_equal(configs.vm[0].cmdline, "root=x  -- y=1");
	assert_int_equal(configs.vm[0].kernel.start, 0x1000);
	assert_int_equal(configs.vm[0].initrd.start, 0x2000);
}

static void kernel_with_nothing(void **state)
{
	(void)state;
	assert_true(modules(false, "kernel vm=a", NULL, NULL));
	assert_int_equal(configs.vm[0].ram_bytes, 256 << 20);
	assert_int_equal(configs.vm[0].pv, VM_PV_ALL);
	assert_string_equal(configs.vm[0].cmdline, "");
	assert_int_equal(configs.vm[0].initrd.end, 0);
	assert_int_equal(guest_configs_ram_bytes(&configs), 256 << 20);
}

static void loaders_may_name_the_file(void **state)
{
	(void)state;
	assert_true(modules(false, "/x/vmlinuz kernel vm=a", NULL, NULL));
	/* a file that is called like the word after it */
	assert_true(modules(true, "kernel kernel vm=a", "initrd initrd vm=a",
			    NULL));
	assert_int_equal(configs.vm[0].initrd.start, 0x2000);
	assert_true(modules(true, "initrd kernel vm=a", NULL, NULL));
}

static void two_vms_in_any_order(void **state)
{
	(void)state;
	assert_true(modules(false, "initrd vm=b", "kernel vm=a mem=64M",
			    "kernel vm=b mem=128M pv=none"));
	assert_int_equal(configs.count, 2);
	assert_string_equal(configs.vm[0].name, "b");
	assert_int_equal(configs.vm[0].kernel.start, 0x3000);
	assert_int_equal(configs.vm[0].initrd.start, 0x1000);
	assert_int_equal(configs.vm[0].pv, 0);
	assert_int_equal(guest_configs_ram_bytes(&configs), 192 << 20);
}

static void bad_modules_are_refused(void **state)
{
	static const char *const bad[] = {
		"", "kernel", "initrd", "frob vm=a", "x y kernel vm=a",
		"kernel mem=4M vm=a", "kernel vm=",
		"kernel vm=12345678901234567890123456789012",
		"kernel vm=a mem=3M", "kernel vm=a mem=", "kernel vm=a mem=2T",
		"kernel vm=a vcpus=0", "kernel vm=a vcpus=2",
		"kernel vm=a pv=", "kernel vm=a pv=clock,",
		"kernel vm=a pv=cloc", "kernel vm=a pv=none,eoi",
		"kernel vm=a quiet", "initrd vm=a", "initrd vm=a mem=4M",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (modules(false, bad[i], NULL, NULL) || !refusal[0])
			fail_msg("'%s' was taken", bad[i]);
	assert_false(modules(false, NULL, NULL, NULL));
	assert_false(modules(false, "kernel vm=a", "kernel vm=a", NULL));
	assert_non_null(strstr(refusal, "two kernels"));
	assert_false(modules(false, "initrd vm=a", "initrd vm=a", NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_have_defaults),
		cmocka_unit_test(options_are_taken),
		cmocka_unit_test(image_path_is_skipped),
		cmocka_unit_test(first_bad_option_is_told),
		cmocka_unit_test(bad_values),
		cmocka_unit_test(unknown_option_lists_all),
		cmocka_unit_test(kernel_with_everything),
		cmocka_unit_test(kernel_with_nothing),
		cmocka_unit_test(loaders_may_name_the_file),
		cmocka_unit_test(two_vms_in_any_order),
		cmocka_unit_test(bad_modules_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
