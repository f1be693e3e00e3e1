/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's basic types, in the kernel's spelling.
 */
#ifndef VMM_CORE_LIB_TYPES_H
#define VMM_CORE_LIB_TYPES_H

#include <stdbool.h>
#include <stddef.h>

#include "vmm-core/abi/types.h"

typedef __u8  u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef signed char s8;
typedef __s64 s64;

#define container_of(p, type, member) \
	((type *)((char *)(p) - offsetof(type, member)))
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BIT(n)		(1ull << (n))
#define ALIGN_UP(x, a)	(((x) + (a) - 1) & ~((u64)(a) - 1))
#define ALIGN_DOWN(x, a) ((x) & ~((u64)(a) - 1))

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define __packed	__attribute__((packed))
#define __aligned(n)	__attribute__((aligned(n)))
/* not on any hot path: kept out of its callers, so that they stay small */
#define __cold		__attribute__((noinline, cold))
#define __noreturn	__attribute__((noreturn))
#define __printf(f, a)	__attribute__((format(printf, f, a)))

/* the few errno values that the core returns, negated */
#define ENOENT		2
#define EIO		5
#define E2BIG		7
#define ENOEXEC		8
#define ENOMEM		12
#define EFAULT		14
#define EEXIST		17
#define ENODEV		19
#define EINVAL		22
#define ENOSYS		38

#endif
