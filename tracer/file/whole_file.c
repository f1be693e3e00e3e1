/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads as much as the file had when it was asked.
 */
#include "tracer/file/whole_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define HUGE_PAGE	(2ul << 20)

/* In large pages where they are to be had: small ones cost as much as reading. */
static char *room_for(size_t bytes)
{
	size_t room = (bytes + HUGE_PAGE) & ~(size_t)(HUGE_PAGE - 1);
	char *at;

	if (bytes < HUGE_PAGE)
		return malloc(bytes + 1);
	at = aligned_alloc(HUGE_PAGE, room);
	if (at)
		madvise(at, room, MADV_HUGEPAGE);
	return at;
}

static int bytes_read(struct whole_file *f, int fd, size_t wanted)
{
	while (f->bytes < wanted) {
		ssize_t n = pread(fd, f->at + f->bytes, wanted - f->bytes,
				  (off_t)f->bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		f->bytes += (size_t)n;
	}
	return 0;
}

int whole_file_read(struct whole_file *f, int fd, const char **why)
{
	struct stat st;
	int err;

	*f = (struct whole_file){ 0 };
	if (fstat(fd, &st)) {
		err = -errno;
	} else {
		f->at = room_for((size_t)st.st_size);
		err = f->at ? bytes_read(f, fd, (size_t)st.st_size) : -ENOMEM;
	}
	if (!err)
		return 0;
	*why = err == -ENOMEM ? "it is larger than memory" : strerror(-err);
	free(f->at);
	return err;
}
