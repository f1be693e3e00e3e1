/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line of QEMU: every argument that was asked for, and nothing
 * that a guest's command line could smuggle in.
 */
#include "machine/qemu.h"
#include "machine/steps.h"
#include "machine/qemu_version.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define MIB (1ull << 20)

static struct message msg;

/* The argument after name, which must be there once; NULL: not there. */
static const char *value_of(const struct args *a, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < a->count; i++) {
		if (strcmp(a->v[i], name))
			continue;
		assert_null(value);
		assert_true(i + 1 < a->count);
		value = a->v[i + 1];
	}
	return value;
}

static bool has(const struct args *a, const char *arg)
{
	for (size_t i = 0; i < a->count; i++)
		if (!strcmp(a->v[i], arg))
			return true;
	return false;
}

static struct args args_of(struct machine_config *c)
{
	struct args a = { 0 };

	assert_int_equal(qemu_config_complete(c, &msg), 0);
	qemu_args(&a, c, "/run/x", 512 * MIB, false);
	assert_false(a.failed);
	assert_null(a.v[a.count]);
	return a;
}

static void test_defaults(void **state)
{
	struct machine_config c = { .kernel = "k" };
	struct args a = args_of(&c);

	(void)state;
	assert_string_equal(a.v[0], "qemu-system-x86_64");
	assert_string_equal(value_of(&a, "-m"), "512M");
	assert_string_equal(value_of(&a, "-smp"), "1");
	assert_string_equal(value_of(&a, "-accel"), "tcg,thread=single");
	assert_string_equal(value_of(&a, "-kernel"), "core.elf");
	assert_string_equal(value_of(&a, "-append"), "log=com2 console=com1 "
			    "ring=65536K exit-port=0xf4 fresh-ram");
	assert_string_equal(value_of(&a, "-initrd"),
			    "kernel kernel vm=vm0 mem=256M vcpus=1 -- ");
	assert_string_equal(value_of(&a, "-object"),
			    "memory-backend-file,id=m,size=536870912,"
			    "mem-path=ram,share=on");
	assert_string_equal(value_of(&a, "-nic"), "none");
	assert_string_equal(value_of(&a, "-pidfile"), "/run/x/qemu.pid");
	assert_true(has(&a, "-no-reboot"));
	assert_null(value_of(&a, "-icount"));
	assert_null(value_of(&a, "-seed"));
	assert_null(value_of(&a, "-plugin"));
	args_free(&a);
}

static void test_deterministic(void **state)
{
	struct machine_config c = { .kernel = "k", .deterministic = true,
				    .stop_after_ns = 1500000000 };
	struct args a = args_of(&c);

	(void)state;
	assert_string_equal(value_of(&a, "-icount"), "shift=0,sleep=off");
	assert_string_equal(value_of(&a, "-rtc"), "clock=vm,base=2024-01-01");
	assert_string_equal(value_of(&a, "-seed"), "1");
	assert_non_null(strstr(value_of(&a, "-append"),
			       " stop-after=1500000000"));
	args_free(&a);
}

static void test_guest_cannot_add_modules(void **state)
{
	struct machine_config c = { .kernel = "k", .initrd = "i",
				    .append = "a=1,2 ,/etc/shadow initrd" };
	struct args a = args_of(&c);

	(void)state;
	assert_string_equal(value_of(&a, "-initrd"),
			    "kernel kernel vm=vm0 mem=256M vcpus=1 -- "
			    "a=1,,2 ,,/etc/shadow initrd"
			    ",initrd initrd vm=vm0");
	args_free(&a);
}

static void test_choices(void **state)
{
	struct machine_config c = { .kernel = "k", .cpus = 3,
				    .cpu_model = "EPYC,+svm",
				    .core_options = "verbose",
				    .qemu = "/opt/qemu" };
	struct args a = args_of(&c);

	(void)state;
	assert_string_equal(a.v[0], "/opt/qemu");
	assert_string_equal(value_of(&a, "-smp"), "3");
	assert_string_equal(value_of(&a, "-accel"), "tcg,thread=multi");
	assert_string_equal(value_of(&a, "-cpu"), "EPYC,+svm");
	assert_non_null(strstr(value_of(&a, "-append"), " verbose"));
	args_free(&a);
}

static void test_kvm(void **state)
{
	struct machine_config c = { .kernel = "k" };
	struct args a = { 0 };

	(void)state;
	assert_int_equal(qemu_config_complete(&c, &msg), 0);
	qemu_args(&a, &c, "/run/x", 512 * MIB, true);
	assert_string_equal(value_of(&a, "-accel"), "kvm");
	assert_string_equal(value_of(&a, "-cpu"), "host");
	args_free(&a);
}

static void assert_model(struct machine_config c, bool kvm, const char *model)
{
	struct args a = { 0 };

	c.kernel = "k";
	assert_int_equal(qemu_config_complete(&c, &msg), 0);
	qemu_args(&a, &c, "/run/x", 512 * MIB, kvm);
	assert_string_equal(value_of(&a, "-cpu"), model);
	args_free(&a);
}

/* A named model stays as it is; a CPU of the host's has no such fault. */
static void test_model_without_cx16(void **state)
{
	(void)state;
	assert_model((struct machine_config){ 0 }, false, "max");
	assert_model((struct machine_config){ .without_cx16 = true }, false,
		     "max,-cx16");
	assert_model((struct machine_config){ .without_cx16 = true,
					      .cpu_model = "EPYC,+svm" },
		     false, "EPYC,+svm,-cx16");
	assert_model((struct machine_config){ .without_cx16 = true,
					      .cpu_model = "max,+cx16" },
		     false, "max,+cx16");
	assert_model((struct machine_config){ .without_cx16 = true }, true,
		     "host");
}

static void test_versions_that_lose_flags(void **state)
{
	(void)state;
	assert_true(qemu_version_loses_flags("QEMU emulator version 7.2.22 "
					     "(Debian 1:7.2+dfsg-7)"));
	assert_true(qemu_version_loses_flags("QEMU emulator version 6.0.0"));
	assert_false(qemu_version_loses_flags("QEMU emulator version 8.0.0"));
	assert_false(qemu_version_loses_flags("QEMU emulator version 10.0.2 "
					      "(Debian 1:10.0.2+ds-2)"));
	assert_true(qemu_version_loses_flags("another emulator 9"));
	assert_true(qemu_version_loses_flags(""));
}

static void test_version_is_asked(void **state)
{
	char line[64];

	(void)state;
	/* every program of coreutils answers the same question */
	assert_int_equal(qemu_version_line("true", line, sizeof(line)), 0);
	assert_ptr_equal(strstr(line, "true ("), line);
	assert_null(strchr(line, '\n'));
	assert_int_equal(qemu_version_line("true", line, 5), 0);
	assert_string_equal(line, "true");
	assert_int_equal(qemu_version_line("no-such-emulator", line,
					   sizeof(line)), -ENOENT);
	assert_string_equal(line, "");
}

static void test_bare(void **state)
{
	struct machine_config c = { .kernel = "/a,b/k", .cpus = 2,
				    .guest_bytes = 384 * MIB };
	struct args a = { 0 };

	(void)state;
	qemu_bare_args(&a, &c, "/proc/1/fd/3", true);
	assert_string_equal(a.v[0], "qemu-system-x86_64");
	assert_string_equal(value_of(&a, "-accel"), "kvm");
	assert_string_equal(value_of(&a, "-cpu"), "host");
	assert_string_equal(value_of(&a, "-smp"), "2");
	assert_string_equal(value_of(&a, "-m"), "384M");
	assert_string_equal(value_of(&a, "-kernel"), "/a,b/k");
	assert_string_equal(value_of(&a, "-chardev"),
			    "file,id=console,path=/proc/1/fd/3");
	assert_null(value_of(&a, "-append"));
	assert_null(value_of(&a, "-initrd"));
	assert_true(has(&a, "virtio-rng-pci"));
	args_free(&a);

	/* two CPUs in turns, so that they repeat */
	c.deterministic = true;
	a = (struct args){ 0 };
	qemu_bare_args(&a, &c, "/proc/1/fd/3", false);
	assert_string_equal(value_of(&a, "-accel"), "tcg,thread=single");
	assert_string_equal(value_of(&a, "-icount"), "shift=0,sleep=off");
	args_free(&a);
}

static void test_rounding(void **state)
{
	struct machine_config c = { .kernel = "k", .guest_bytes = 5 * MIB + 1,
				    .ring_bytes = 3 * MIB };
	struct guest_files files = { .kernel_bytes = 10 * MIB,
				     .initrd_bytes = 1 };

	(void)state;
	assert_int_equal(qemu_config_complete(&c, &msg), 0);
	assert_int_equal(c.guest_bytes, 6 * MIB);
	assert_int_equal(c.ring_bytes, 4 * MIB);
	assert_true(qemu_ram_needs(&c, &files) > 20 * MIB);
	assert_int_equal(qemu_ram_needs(&c, &files) % (2 * MIB), 0);
	c.ring_bytes = 1;
	assert_int_equal(qemu_config_complete(&c, &msg), 0);
	assert_int_equal(c.ring_bytes, 16384);
}

static void test_followed(void **state)
{
	const struct step_range range = { .start = 1, .end = 2, .id = 1 };
	struct machine_config c = { .kernel = "k", .deterministic = true,
				    .step_range = &range, .step_ranges = 1 };
	struct args a = args_of(&c);

	(void)state;
	assert_string_equal(value_of(&a, "-plugin"),
			    "./steps.so,ranges=ranges,output=steps");
	args_free(&a);
}

static void refused(struct machine_config c, int err, const char *text)
{
	assert_int_equal(qemu_config_complete(&c, &msg), err);
	assert_non_null(strstr(msg.text, text));
}

static void test_refusals(void **state)
{
	const struct step_range range = { .start = 1, .end = 2, .id = 1 };
	char longest[2050];

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	refused((struct machine_config){ 0 }, -EINVAL, "kernel");
	refused((struct machine_config){ .kernel = "k", .cpus = 65 }, -EINVAL,
		"65");
	refused((struct machine_config){ .kernel = "k", .cpus = 2,
					 .deterministic = true }, -EINVAL,
		"one CPU");
	refused((struct machine_config){ .kernel = "k", .step_ranges = 1,
					 .step_range = &range }, -EINVAL,
		"cannot follow a machine by the instruction");
	refused((struct machine_config){ .kernel = "k",
					 .guest_bytes = 1ull << 50 }, -EINVAL,
		"1024 GiB");
	refused((struct machine_config){ .kernel = "k",
					 .ring_bytes = UINT64_MAX }, -EINVAL,
		"1024 GiB");
	refused((struct machine_config){ .kernel = "k", .append = longest },
		-E2BIG, "2049");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_deterministic),
		cmocka_unit_test(test_guest_cannot_add_modules),
		cmocka_unit_test(test_choices),
		cmocka_unit_test(test_kvm),
		cmocka_unit_test(test_model_without_cx16),
		cmocka_unit_test(test_versions_that_lose_flags),
		cmocka_unit_test(test_version_is_asked),
		cmocka_unit_test(test_bare),
		cmocka_unit_test(test_rounding),
		cmocka_unit_test(test_followed),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
