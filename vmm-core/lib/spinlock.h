/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A lock between CPUs. Interrupts are off while the core runs, so a holder
 * is never interrupted by code that wants the same lock.
 */
#ifndef VMM_CORE_LIB_SPINLOCK_H
#define VMM_CORE_LIB_SPINLOCK_H

#include "vmm-core/lib/types.h"
#include "vmm-core/lib/x86.h"

struct spinlock {
	u32 held;
};

static inline bool spin_trylock(struct spinlock *lock)
{
	/* acquire: pairs with the release in spin_unlock() */
	return !__atomic_exchange_n(&lock->held, 1, __ATOMIC_ACQUIRE);
}

static void __cold __attribute__((unused)) spin_wait(struct spinlock *lock)
{
	do {
		while (__atomic_load_n(&lock->held, __ATOMIC_RELAXED))
			cpu_relax();
	} while (!spin_trylock(lock));
}

static inline void spin_lock(struct spinlock *lock)
{
	if (unlikely(!spin_trylock(lock)))
		spin_wait(lock);
}

static inline void spin_unlock(struct spinlock *lock)
{
	/* release: pairs with the acquire in spin_trylock() */
	__atomic_store_n(&lock->held, 0, __ATOMIC_RELEASE);
}

#endif
