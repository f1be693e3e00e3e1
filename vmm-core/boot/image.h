/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the linker put things (core.lds).
 */
#ifndef VMM_CORE_BOOT_IMAGE_H
#define VMM_CORE_BOOT_IMAGE_H

extern const char core_start[], core_text_end[], core_end[];

/* An ELF note: 12 bytes of header, "GNU\0", then the SHA-1. */
extern const unsigned char core_build_id[], core_build_id_end[];
#define CORE_BUILD_ID_HEADER	16

#endif
