/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints the symbols of a guest's kernel and modules, from a file that holds
 * its RAM (guest-physical 0 at its start) and four control registers, as its
 * own /proc/kallsyms would. For tests and for debugging; runs on the host.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tracer/guest/guest_kernel.h"

static int ram_map(const char *path, struct guest_memory *m)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *at;

	if (fd < 0 || fstat(fd, &st))
		return -errno;
	at = mmap(NULL, st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		return -errno;
	close(fd);
	m->extents = 1;
	m->extent[0] = (struct guest_extent){ 0, st.st_size, at };
	return 0;
}

static double ms_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) * 1e3 +
		(now.tv_nsec - start->tv_nsec) / 1e6;
}

static int symbols_print(const struct guest_memory *m,
			 const struct guest_paging *p)
{
	struct timespec start;
	struct guest_kernel *k;
	unsigned int bad;
	const char *why;
	size_t bytes;
	char *text;
	int err;

	clock_gettime(CLOCK_MONOTONIC, &start);
	k = guest_kernel_open(m, p, &why);
	if (!k) {
		fprintf(stderr, "symbols_dump: %s: %s\n", why, strerror(errno));
		return 1;
	}
	err = guest_kernel_kallsyms(k, &text, &bytes, &bad);
	if (err) {
		fprintf(stderr, "symbols_dump: %s\n", strerror(-err));
		guest_kernel_close(k);
		return 1;
	}
	fprintf(stderr, "text 0x%llx, %zu kernel symbols, %u bad modules, %.1f ms\n",
		(unsigned long long)guest_kernel_text(k),
		guest_kernel_symbols(k), bad, ms_since(&start));
	fwrite(text, 1, bytes, stdout);
	free(text);
	guest_kernel_close(k);
	return ferror(stdout) ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct guest_memory m = { 0 };
	struct guest_paging p;
	int err;

	if (argc != 6) {
		fprintf(stderr, "usage: symbols_dump RAMFILE CR0 CR3 CR4 EFER\n");
		return 2;
	}
	p.cr0 = strtoull(argv[2], NULL, 0);
	p.cr3 = strtoull(argv[3], NULL, 0);
	p.cr4 = strtoull(argv[4], NULL, 0);
	p.efer = strtoull(argv[5], NULL, 0);
	err = ram_map(argv[1], &m);
	if (err) {
		fprintf(stderr, "symbols_dump: %s: %s\n", argv[1],
			strerror(-err));
		return 1;
	}
	return symbols_print(&m, &p);
}
