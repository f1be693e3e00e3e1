/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs inside a Linux guest: does what a shell cannot, so that a script
 * there can ask for exits of its choice. Static, so that it needs no files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "vmm-core/abi/hypercall.h"
#include "vmm-core/lib/x86.h"

/* VMMCALL is #UD on hardware that has none of it: ask first. */
static bool core_is_here(void)
{
	struct cpuid c = cpuid(HV_CPUID_BASE, 0);
	char signature[12];

	memcpy(signature, &c.ebx, 4);
	memcpy(signature + 4, &c.ecx, 4);
	memcpy(signature + 8, &c.edx, 4);
	return memcmp(signature, HV_SIGNATURE, sizeof(signature)) == 0;
}

static u64 hypercall(u64 number, u64 arg)
{
	u64 result;

	asm volatile("vmmcall"
		     : "=a"(result)
		     : "a"(number), "b"(arg), "c"(0ull), "d"(0ull), "S"(0ull)
		     : "memory");
	return result;
}

static int mark(u64 number)
{
	if (!core_is_here())
		return 0;
	return hypercall(HC_MARK, number) == 0 ? 0 : 1;
}

/* Marks its pid, whose page tables the mark has, then is called `name`. */
static int stay(const char *name)
{
	if (mark(getpid()))
		return 1;
	prctl(PR_SET_NAME, name);
	for (;;)
		pause();
}

static int usage(void)
{
	fprintf(stderr, "usage: hv-tool tsc WORDS... | cpuid N | rdtsc N | mark N |\n"
		"       stay NAME\n");
	return 2;
}

int main(int argc, char **argv)
{
	u64 tsc = rdtsc();
	unsigned long n = argc > 2 ? strtoul(argv[2], NULL, 0) : 0;

	if (argc < 3)
		return usage();
	if (strcmp(argv[1], "tsc") == 0) {
		for (int i = 2; i < argc; i++)
			printf("%s ", argv[i]);
		printf("at tsc %llu\n", tsc);
	} else if (strcmp(argv[1], "cpuid") == 0) {
		while (n--)
			cpuid(1, 0);
	} else if (strcmp(argv[1], "rdtsc") == 0) {
		while (n--)
			rdtsc();
	} else if (strcmp(argv[1], "mark") == 0) {
		return mark(n);
	} else if (strcmp(argv[1], "stay") == 0) {
		return stay(argv[2]);
	} else {
		return usage();
	}
	return 0;
}
