/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A look at a guest's kernel and initrd.
 *
 * bzImage: "The Linux/x86 Boot Protocol" in the kernel's documentation.
 * Multiboot: "Multiboot Specification version 0.6.96", OS image format.
 */
#include "machine/guest_image.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BZIMAGE_HEADER_BYTES	0x268
#define BZIMAGE_SETUP_SECTS	0x1f1
#define BZIMAGE_SYSSIZE		0x1f4	/* in 16 byte units */
#define BZIMAGE_BOOT_FLAG	0x1fe
#define BZIMAGE_MAGIC		0x202	/* "HdrS" */
#define BZIMAGE_VERSION		0x206
#define BZIMAGE_PREF_ADDRESS	0x258
#define BZIMAGE_INIT_SIZE	0x260
#define BZIMAGE_PARAGRAPH	16
#define BZIMAGE_LOADED_AT	(1ull << 20)
/* as the core has them, which starts kernels by their 32-bit entry */
#define BZIMAGE_VERSION_MIN	0x0206
#define BZIMAGE_VERSION_PLACE	0x020a	/* pref_address, init_size */

#define MULTIBOOT_SEARCH	8192
#define MULTIBOOT_MAGIC		0x1badb002u

static uint64_t field(const uint8_t *head, size_t at, size_t bytes)
{
	uint64_t v = 0;

	memcpy(&v, head + at, bytes);
	return v;
}

static bool is_bzimage(const uint8_t *head, size_t bytes)
{
	return bytes >= BZIMAGE_HEADER_BYTES &&
	       field(head, BZIMAGE_BOOT_FLAG, 2) == 0xaa55 &&
	       !memcmp(head + BZIMAGE_MAGIC, "HdrS", 4);
}

static int bzimage_check(struct guest_files *files, const uint8_t *head,
			 const char *path, struct message *msg)
{
	uint64_t sects = head[BZIMAGE_SETUP_SECTS];
	unsigned int version = (unsigned int)field(head, BZIMAGE_VERSION, 2);
	uint64_t bytes;

	if (version < BZIMAGE_VERSION_MIN)
		return message_set(msg, -ENOEXEC,
				   "cannot boot %s: a bzImage of boot protocol "
				   "%u.%02u; give one of 2.06 or later (Linux "
				   "2.6.22)", path, version >> 8,
				   version & 0xff);
	/* 0 means 4, for the oldest images' sake */
	bytes = ((sects ? sects : 4) + 1) * 512 +
		field(head, BZIMAGE_SYSSIZE, 4) * BZIMAGE_PARAGRAPH;
	/* a size in paragraphs: the last one may be a part only */
	if (files->kernel_bytes + BZIMAGE_PARAGRAPH <= bytes)
		return message_set(msg, -EINVAL,
				   "cannot boot %s: it is truncated: its "
				   "header says %llu bytes, the file has %llu",
				   path,
				   (unsigned long long)bytes,
				   (unsigned long long)files->kernel_bytes);
	files->kernel_needs = BZIMAGE_LOADED_AT + files->kernel_bytes;
	if (version >= BZIMAGE_VERSION_PLACE)
		files->kernel_needs = field(head, BZIMAGE_PREF_ADDRESS, 8) +
				      field(head, BZIMAGE_INIT_SIZE, 4);
	return 0;
}

static bool is_multiboot(const uint8_t *head, size_t bytes)
{
	if (bytes < 12 || memcmp(head, ELFMAG, SELFMAG))
		return false;
	for (size_t at = 0; at + 12 <= bytes && at < MULTIBOOT_SEARCH; at += 4)
		if (field(head, at, 4) == MULTIBOOT_MAGIC &&
		    !(uint32_t)(field(head, at, 4) + field(head, at + 4, 4) +
				field(head, at + 8, 4)))
			return true;
	return false;
}

/* Segments must lie in the file; the highest address is what it needs. */
static int multiboot_check(struct guest_files *files, int fd, const char *path,
			   struct message *msg)
{
	size_t segments;
	uint64_t end;
	GElf_Phdr ph;
	int err = 0;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf || elf_getphdrnum(elf, &segments)) {
		err = message_set(msg, -EINVAL, "cannot boot %s: damaged "
				  "ELF file: %s",
				  path, elf_errmsg(-1));
		segments = 0;
	}
	for (size_t i = 0; !err && i < segments; i++) {
		if (!gelf_getphdr(elf, (int)i, &ph) ||
		    ph.p_offset > files->kernel_bytes ||
		    ph.p_filesz > files->kernel_bytes - ph.p_offset ||
		    __builtin_add_overflow(ph.p_paddr, ph.p_memsz, &end))
			err = message_set(msg, -EINVAL, "cannot boot %s: it is "
					  "truncated: segment %zu lies beyond "
					  "its end", path, i);
		else if (ph.p_type == PT_LOAD && end > files->kernel_needs)
			files->kernel_needs = end;
	}
	elf_end(elf);
	return err;
}

static int file_open(const char *what, const char *path, uint64_t *bytes,
		     struct message *msg)
{
	struct stat st;
	int fd;

	/* QEMU opens it by name, too, and more than once */
	if (!strcmp(path, "-"))
		return message_set(msg, -EINVAL, "cannot take the %s from "
				   "standard input; name a file (./- if it is "
				   "called so)", what);
	/* a FIFO must not hold us up */
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st)) {
		int err = message_set(msg, -errno, "cannot open the %s %s: %m",
				      what, path);

		if (fd >= 0)
			close(fd);
		return err;
	}
	if (S_ISREG(st.st_mode) && st.st_size > 0) {
		*bytes = (uint64_t)st.st_size;
		return fd;
	}
	close(fd);
	return message_set(msg, -EINVAL, S_ISREG(st.st_mode) ?
			   "cannot take the %s %s: it is empty" :
			   "cannot take the %s %s: it is not a file",
			   what, path);
}

static int kernel_check(struct guest_files *files, const char *path,
			struct message *msg)
{
	int fd = file_open("kernel", path, &files->kernel_bytes, msg);
	uint8_t head[MULTIBOOT_SEARCH] = { 0 };
	ssize_t bytes;
	int err;

	if (fd < 0)
		return fd;
	bytes = pread(fd, head, sizeof(head), 0);
	if (bytes < 0)
		err = message_set(msg, -errno, "cannot read the kernel %s: %m",
				  path);
	else if (is_bzimage(head, (size_t)bytes))
		err = bzimage_check(files, head, path, msg);
	else if (is_multiboot(head, (size_t)bytes))
		err = multiboot_check(files, fd, path, msg);
	else if (bytes > 2 && head[0] == 0x1f && head[1] == 0x8b)
		err = message_set(msg, -ENOEXEC, "cannot boot %s: it is "
				  "compressed by gzip; gunzip it", path);
	else
		err = message_set(msg, -ENOEXEC,
				  "cannot boot %s: it is neither a bzImage nor "
				  "a multiboot ELF image%s", path,
				  memcmp(head, ELFMAG, SELFMAG) ? "" :
				  " (a vmlinux? give the bzImage, which "
				  "distributions install as /boot/vmlinuz-*)");
	close(fd);
	return err;
}

int guest_files_check(struct guest_files *files, const char *kernel,
		      const char *initrd, uint64_t guest_bytes,
		      struct message *msg)
{
	int err, fd;

	*files = (struct guest_files){ 0 };
	err = kernel_check(files, kernel, msg);
	if (err)
		return err;
	if (initrd) {
		fd = file_open("initrd", initrd, &files->initrd_bytes, msg);
		if (fd < 0)
			return fd;
		close(fd);
	}
	if (files->kernel_needs <= guest_bytes &&
	    files->initrd_bytes <= guest_bytes - files->kernel_needs)
		return 0;
	return message_set(msg, -ENOMEM,
			   "cannot boot %s%s%s in %llu MiB of RAM: %llu MiB are "
			   "needed; give the guest more (--mem)", kernel,
			   initrd ? " with " : "", initrd ? initrd : "",
			   (unsigned long long)guest_bytes >> 20,
			   (unsigned long long)
			   (files->kernel_needs + files->initrd_bytes +
			    (1 << 20) - 1) >> 20);
}
