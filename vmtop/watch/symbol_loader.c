/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A thread that reads the guest's memory and nothing else of ours. Signals are
 * for those who wait at the terminal: it takes none.
 */
#include "vmtop/watch/symbol_loader.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "vmtop/watch/guest_symbols.h"

struct symbol_loader {
	pthread_t thread;
	const struct machine *machine;
	unsigned int vm;
	struct symtab *symtab;
	struct process_list processes;
	bool ended;		/* stored last */
};

static void *load(void *arg)
{
	struct symbol_loader *l = arg;

	l->symtab = guest_symbols_of_machine(l->machine, l->vm,
					     &l->processes);
	__atomic_store_n(&l->ended, true, __ATOMIC_RELEASE);
	return NULL;
}

struct symbol_loader *symbol_loader_start(const struct machine *m,
					  unsigned int vm)
{
	struct symbol_loader *l = calloc(1, sizeof(*l));
	sigset_t all, before;

	if (!l)
		return NULL;
	l->machine = m;
	l->vm = vm;
	/* a thread begins with the mask of the one that made it */
	sigfillset(&all);
	/* but a fault of its own, which would kill us without the handler */
	sigdelset(&all, SIGSEGV);
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGFPE);
	sigdelset(&all, SIGILL);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	errno = pthread_create(&l->thread, NULL, load, l);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!errno)
		return l;
	free(l);
	return NULL;
}

bool symbol_loader_ended(const struct symbol_loader *l)
{
	return __atomic_load_n(&l->ended, __ATOMIC_ACQUIRE);
}

struct symtab *symbol_loader_end(struct symbol_loader *l,
				 struct process_list *processes)
{
	struct symtab *symtab;

	if (!l)
		return NULL;
	pthread_join(l->thread, NULL);
	symtab = l->symtab;
	if (processes)
		*processes = l->processes;
	free(l);
	return symtab;
}
