/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's image file.
 */
#include "machine/core_image.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine/installed.h"

int core_image_find(char *found, size_t bytes, const char *path,
		    struct message *msg)
{
	int err;

	if (!path)
		path = getenv("VMPROF_CORE");
	if (path && *path) {
		err = installed_take(found, bytes, path);
		errno = -err;
		return err ? message_set(msg, err, "cannot read the core %s: "
					 "%m", path) : 0;
	}
	err = installed_find(found, bytes, "vmm-core.elf");
	return err ? message_set(msg, err, "cannot find vmm-core.elf "
				 "beside bin/ or in lib/vmprof; build it, or "
				 "name it in VMPROF_CORE") : 0;
}

static int symbol_find(Elf *elf, const char *name, uint64_t *value)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;
	GElf_Sym sym;

	while ((scn = elf_nextscn(elf, scn))) {
		Elf_Data *data;

		if (!gelf_getshdr(scn, &sh) || sh.sh_type != SHT_SYMTAB)
			continue;
		data = elf_getdata(scn, NULL);
		for (int i = 0; data && gelf_getsym(data, i, &sym); i++) {
			const char *s = elf_strptr(elf, sh.sh_link,
						   sym.st_name);

			if (s && !strcmp(s, name)) {
				*value = sym.st_value;
				return 0;
			}
		}
	}
	return -ENOENT;
}

int core_image_anchor(int dir_fd, const char *path, uint64_t *hpa)
{
	int fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC);
	int err = -ENOENT;
	Elf *elf;

	if (fd < 0)
		return -errno;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf)
		err = symbol_find(elf, "anchor", hpa);
	elf_end(elf);
	close(fd);
	return err;
}
