/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A machine's RAM file.
 */
#include "machine/ram.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define FOUR_GIB	(4ull << 30)
/* QEMU's q35: from this much RAM on, only 2 GiB of it stay below 4 GiB. */
#define Q35_SPLIT_FROM	0xb0000000ull
#define Q35_SPLIT_LOW	0x80000000ull

uint64_t ram_machine_bytes(uint64_t needs)
{
	return needs < Q35_SPLIT_FROM ? needs : needs + Q35_SPLIT_LOW;
}

int ram_create(int dir_fd, const char *dir_path, uint64_t needs,
	       struct message *msg)
{
	uint64_t bytes = ram_machine_bytes(needs);
	struct statvfs fs;
	int fd, err = 0;

	fd = openat(dir_fd, "ram", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return message_set(msg, -errno, "cannot make %s/ram: %m",
				   dir_path);
	if (fstatvfs(fd, &fs))
		err = message_set(msg, -errno, "cannot look at %s/ram: %m",
				  dir_path);
	else if ((uint64_t)fs.f_bavail * fs.f_frsize < needs)
		err = message_set(msg, -ENOSPC,
				  "cannot make the machine's RAM: it needs %llu"
				  " MiB, %s has %llu MiB left; give the guest "
				  "less, or set VMPROF_RUNDIR to a directory "
				  "of yours with room",
				  (unsigned long long)needs >> 20, dir_path,
				  (unsigned long long)fs.f_bavail *
				  fs.f_frsize >> 20);
	else if (ftruncate(fd, (off_t)bytes))
		err = message_set(msg, -errno, "cannot make %s/ram %llu MiB "
				  "long: %m", dir_path,
				  (unsigned long long)bytes >> 20);
	close(fd);
	return err;
}

static int ram_place(struct ram *ram, int fd)
{
	int flags = MAP_SHARED | MAP_FIXED;
	uint8_t *base;

	base = mmap(NULL, ram->span, PROT_READ,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (base == MAP_FAILED)
		return -errno;
	ram->base = base;
	if (mmap(base, ram->below_4g, PROT_READ, flags, fd, 0) == MAP_FAILED)
		return -errno;
	if (ram->above_4g &&
	    mmap(base + FOUR_GIB, ram->above_4g, PROT_READ, flags, fd,
		 (off_t)ram->below_4g) == MAP_FAILED)
		return -errno;
	return 0;
}

int ram_map(struct ram *ram, int dir_fd, const char *dir_path,
	    struct message *msg)
{
	int fd = openat(dir_fd, "ram", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	int err = 0;

	*ram = (struct ram){ 0 };
	if (fd < 0 || fstat(fd, &st)) {
		err = -errno;
		goto out;
	}
	if (st.st_size <= 0) {
		err = -ENODATA;
		goto out;
	}
	ram->below_4g = (uint64_t)st.st_size;
	if (ram->below_4g >= Q35_SPLIT_FROM)
		ram->below_4g = Q35_SPLIT_LOW;
	ram->above_4g = (uint64_t)st.st_size - ram->below_4g;
	ram->span = ram->above_4g ? FOUR_GIB + ram->above_4g : ram->below_4g;
	err = ram_place(ram, fd);
	if (err)
		ram_unmap(ram);
out:
	if (fd >= 0)
		close(fd);
	errno = -err;
	return err ? message_set(msg, err, "cannot map %s/ram: %m", dir_path)
		   : 0;
}

void ram_unmap(struct ram *ram)
{
	if (ram->base)
		munmap((void *)ram->base, ram->span);
	*ram = (struct ram){ 0 };
}

const void *ram_physical(const struct ram *ram, uint64_t hpa, size_t bytes)
{
	uint64_t start = hpa >= FOUR_GIB ? FOUR_GIB : 0;
	uint64_t room = start ? ram->above_4g : ram->below_4g;

	if (!ram->base || hpa - start > room || bytes > room - (hpa - start))
		return NULL;
	return ram->base + hpa;
}
