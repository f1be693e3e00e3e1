/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kinds of kernel that guest_load() knows. A loader recognizes its kind
 * by a header; then it loads, or says what is wrong and returns -Exxx.
 */
#ifndef VMM_CORE_GUEST_LOADERS_H
#define VMM_CORE_GUEST_LOADERS_H

#include "vmm-core/guest/guest.h"

bool bzimage_recognize(const struct guest_image *image);
int bzimage_load(struct vm *vm, const struct guest_image *image, u64 rsdp_gpa);

bool multiboot_recognize(const struct guest_image *image);
int multiboot_load(struct vm *vm, const struct guest_image *image);

/* Puts the command line at GUEST_CMDLINE_GPA; limit is without the NUL. */
int cmdline_load(struct vm *vm, const char *cmdline, u64 limit);

#endif
