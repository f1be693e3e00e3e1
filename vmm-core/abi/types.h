/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fixed-width types of everything that crosses a wall: core to tool,
 * memory to file. Spelled as Linux spells them, because BPF programs get
 * the same names from vmlinux.h, and stdint.h clashes with that.
 *
 * This folder holds layouts only: no functions, no libc. It compiles
 * hosted, freestanding and with clang -target bpf.
 */
#ifndef VMM_CORE_ABI_TYPES_H
#define VMM_CORE_ABI_TYPES_H

typedef unsigned char		__u8;
typedef unsigned short		__u16;
typedef unsigned int		__u32;
typedef unsigned long long	__u64;
typedef signed long long	__s64;

#define ABI_SIZE(type, bytes) \
	_Static_assert(sizeof(type) == (bytes), #type " has another size")
#define ABI_OFFSET(type, field, bytes) \
	_Static_assert(__builtin_offsetof(type, field) == (bytes), \
		       #type "." #field " is at another offset")

#endif
