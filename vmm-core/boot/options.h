/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's own command line.
 */
#ifndef VMM_CORE_BOOT_OPTIONS_H
#define VMM_CORE_BOOT_OPTIONS_H

#include "vmm-core/lib/types.h"

struct options {
	unsigned int log_com;		/* log=comN|none */
	unsigned int guest_com;		/* console=comN|none */
	u64 ring_bytes;			/* ring=SIZE, of each CPU */
	u16 exit_port;			/* exit-port=PORT; 0: none */
	u64 stop_after_ns;		/* stop-after=NS; 0: never */
	unsigned int cpus;		/* cpus=N, at most */
	bool fresh_ram;			/* nobody ran before: do not clear */
	bool verbose;
};

/*
 * Sets every field: to its default, or as cmdline (which is cut up) says. A
 * first word that is the image's path is skipped; named says that it is one.
 * Returns the first word that is wrong, NULL if none is. The others are
 * obeyed, so that the complaint goes to the right console.
 */
const char *options_parse(struct options *options, char *cmdline, bool named);
/* Says what is wrong with the word, and what would be right. */
void options_refuse(const char *word) __noreturn;

#endif
