/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events into rows: each kind has a table from its key to the row's number.
 */
#include "exit-analyzer/stats/summary.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "exit-analyzer/stats/rows.h"
#include "exit-analyzer/stats/summary_state.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/*
 * A word for each key and one more: of a site its VM and mode, of a row the
 * address that has no symbol.
 */
#define EXIT_WORDS_MAX (SUMMARY_KEYS + 1)

/* The word of key sym: a number of symbol_index, or this for user mode. */
#define SYMBOL_USER (~0ull)

#define SITE_NEW UINT32_MAX	/* its row is not known yet */

#define CPL_USER 3

struct summary *summary_new(const enum summary_key *keys, size_t count,
			    const struct symtab *const symtab[ANCHOR_VMS_MAX])
{
	struct summary *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	memcpy(s->key, keys, count * sizeof(*keys));
	s->keys = count;
	while (s->sym < count && keys[s->sym] != SUMMARY_KEY_SYM)
		s->sym++;
	s->symbols = symbol_index_new(symtab);
	if (s->symbols && !row_table_init(&s->site_table, count + 1) &&
	    !row_table_init(&s->exit_table, count + 1) &&
	    !row_table_init(&s->tlb_table, 1) &&
	    !row_table_init(&s->hypercall_table, 2))
		return s;
	summary_free(s);
	errno = ENOMEM;
	return NULL;
}

void summary_free(struct summary *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->exit_table.rows; i++)
		histogram_clear(&s->exit[i].handle);
	for (size_t i = 0; i < s->hypercall_table.rows; i++)
		histogram_clear(&s->hypercall[i].cycles);
	histogram_clear(&s->total.handle);
	row_table_exit(&s->site_table);
	row_table_exit(&s->exit_table);
	row_table_exit(&s->tlb_table);
	row_table_exit(&s->hypercall_table);
	symbol_index_free(s->symbols);
	free(s->site);
	free(s->exit);
	free(s->tlb);
	free(s->hypercall);
	free(s->sorted_exit);
	free(s->sorted_tlb);
	free(s->sorted_hypercall);
	free(s);
}

void summary_use_processes(struct summary *s,
			   struct process_map *const map[ANCHOR_VMS_MAX])
{
	memcpy(s->processes, map, sizeof(s->processes));
}

/* NULL: nobody that is known. */
static const struct process_name *process_of(const struct summary *s,
					     const struct event_vmexit *exit)
{
	if (exit->h.vm >= ANCHOR_VMS_MAX)
		return NULL;
	return process_map_find(s->processes[exit->h.vm], exit->cr3,
				exit->h.tsc);
}

/* What the event itself says; sym stands for its RIP. */
static uint64_t key_word(const struct summary *s, enum summary_key key,
			 const struct event_vmexit *exit, unsigned int cpu)
{
	switch (key) {
	case SUMMARY_KEY_REASON:
		return exit->reason < EXIT_REASONS ? exit->reason :
						     EXIT_UNKNOWN;
	case SUMMARY_KEY_SYM:
		return exit->rip;
	case SUMMARY_KEY_VM:
		return exit->h.vm;
	case SUMMARY_KEY_VCPU:
		return exit->vcpu;
	case SUMMARY_KEY_CPU:
		return cpu;
	case SUMMARY_KEY_CR3:
		return exit->cr3;
	case SUMMARY_KEY_CPL:
		return exit->cpl;
	case SUMMARY_KEY_PROCESS:
		return (uintptr_t)process_of(s, exit);
	case SUMMARY_KEYS:
		break;
	}
	return 0;
}

static void process_value(struct summary_key_value *value, uint64_t word)
{
	const struct process_name *name = (const void *)(uintptr_t)word;

	value->number = name ? name->pid : 0;
	value->text = name ? name->comm : "[unknown]";
}

/* What the words of a row mean, for those who print it. */
static void row_name(const struct summary *s, struct summary_row *row,
		     const uint64_t *words)
{
	for (size_t i = 0; i < s->keys; i++) {
		struct summary_key_value *value = &row->key[i];
		struct symbol_index_name name;

		value->number = words[i];
		if (s->key[i] == SUMMARY_KEY_PROCESS)
			process_value(value, words[i]);
		if (i != s->sym)
			continue;
		value->number = words[s->keys];
		if (words[i] == SYMBOL_USER) {
			value->text = "[user]";
		} else if (words[i] != SYMBOL_INDEX_UNKNOWN) {
			name = symbol_index_name(s->symbols, words[i]);
			value->text = name.name;
			value->module = name.module;
		}
	}
}

/* The row of these words, a new one if need be; or -ENOMEM. */
static ssize_t exit_row(struct summary *s, const uint64_t *words)
{
	size_t rows = s->exit_table.rows;
	struct summary_row *grown;
	ssize_t row;

	/* before the table may count a row that has no room */
	grown = rows_reserve(s->exit, &s->exits_max, rows, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	s->exit = grown;
	row = row_table_find(&s->exit_table, words);
	if (row >= 0 && (size_t)row == rows)
		row_name(s, &s->exit[row], words);
	return row;
}

/* The row of a site not seen before: its RIP becomes a symbol. */
static ssize_t site_row(struct summary *s, const struct event_vmexit *exit,
			const uint64_t *site)
{
	uint64_t words[EXIT_WORDS_MAX];
	ssize_t number = SYMBOL_INDEX_UNKNOWN;

	memcpy(words, site, sizeof(words));
	words[s->keys] = 0;
	if (exit->cpl == CPL_USER) {
		words[s->sym] = SYMBOL_USER;
		return exit_row(s, words);
	}
	number = symbol_index_find(s->symbols, exit->h.vm, exit->rip);
	if (number < 0)
		return number;
	words[s->sym] = number;
	if (number == SYMBOL_INDEX_UNKNOWN)
		words[s->keys] = exit->rip;
	return exit_row(s, words);
}

/*
 * Symbols are looked up once for each site, that is for each RIP, VM and mode
 * with the other keys; events after the first find their row by that.
 */
static ssize_t exit_row_by_site(struct summary *s, uint64_t *words,
				const struct event_vmexit *exit)
{
	size_t sites = s->site_table.rows;
	ssize_t site, row;
	uint32_t *grown;

	words[s->keys] = (uint64_t)exit->h.vm << 1 | (exit->cpl == CPL_USER);
	grown = rows_reserve(s->site, &s->sites_max, sites, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	s->site = grown;
	site = row_table_find(&s->site_table, words);
	if (site < 0)
		return site;
	if ((size_t)site == sites)
		s->site[site] = SITE_NEW;
	if (s->site[site] == SITE_NEW) {
		row = site_row(s, exit, words);
		if (row < 0)
			return row;
		s->site[site] = row;
	}
	return s->site[site];
}

/* Adds a cost in a while: by then what it needs is in the cache. */
static int cost_add(struct summary *s, size_t row, uint32_t cycles)
{
	struct summary_pending *p = &s->pending[s->costs & (SUMMARY_PENDING - 1)];
	int err = 0;

	if (s->costs >= SUMMARY_PENDING)
		err = histogram_add(&s->exit[p->row].handle, p->cycles);
	histogram_prefetch(&s->exit[row].handle, cycles);
	*p = (struct summary_pending){ row, cycles };
	s->costs++;
	return err;
}

int summary_settle(struct summary *s)
{
	uint64_t count = s->costs < SUMMARY_PENDING ? s->costs : SUMMARY_PENDING;
	int err = 0;

	for (uint64_t i = 0; !err && i < count; i++)
		err = histogram_add(&s->exit[s->pending[i].row].handle,
				    s->pending[i].cycles);
	s->costs = 0;
	return err;
}

static int add_vmexit(struct summary *s, const struct event_header *ev,
		      unsigned int cpu)
{
	const struct event_vmexit *exit = (const void *)ev;
	uint64_t words[EXIT_WORDS_MAX] = { 0 };
	ssize_t row;

	for (size_t i = 0; i < s->keys; i++)
		words[i] = key_word(s, s->key[i], exit, cpu);
	row = s->sym < s->keys ? exit_row_by_site(s, words, exit) :
				 exit_row(s, words);
	if (row < 0)
		return row;
	s->exit[row].blocked_cycles += exit->blocked_cycles;
	s->total.blocked_cycles += exit->blocked_cycles;
	return cost_add(s, row, exit->handle_cycles) ?:
	       histogram_add(&s->total.handle, exit->handle_cycles);
}

static int add_tlb_flush(struct summary *s, const struct event_header *ev,
			 unsigned int cpu)
{
	const struct event_tlb_flush *flush = (const void *)ev;
	uint64_t word = (uint64_t)ev->vm << 40 | (uint64_t)flush->asid << 24 |
			(uint64_t)flush->scope << 16 | flush->cause << 8 |
			!!flush->guest;
	struct summary_tlb_row *grown;
	ssize_t row;

	(void)cpu;
	grown = rows_reserve(s->tlb, &s->tlbs_max, s->tlb_table.rows,
			     sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	s->tlb = grown;
	row = row_table_find(&s->tlb_table, &word);
	if (row < 0)
		return row;
	s->tlb[row] = (struct summary_tlb_row){
		.vm = ev->vm,
		.asid = flush->asid,
		.scope = flush->scope,
		.cause = flush->cause,
		.guest = flush->guest,
		.count = s->tlb[row].count + 1,
	};
	return 0;
}

static int add_hypercall(struct summary *s, const struct event_header *ev,
			 unsigned int cpu)
{
	const struct event_hypercall *call = (const void *)ev;
	uint64_t words[2] = { ev->vm, call->number };
	struct summary_hypercall_row *grown;
	ssize_t row;

	(void)cpu;
	grown = rows_reserve(s->hypercall, &s->hypercalls_max,
			     s->hypercall_table.rows, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	s->hypercall = grown;
	row = row_table_find(&s->hypercall_table, words);
	if (row < 0)
		return row;
	s->hypercall[row].vm = ev->vm;
	s->hypercall[row].number = call->number;
	return histogram_add(&s->hypercall[row].cycles, call->cycles);
}

static int add_vm_state(struct summary *s, const struct event_header *ev,
			unsigned int cpu)
{
	(void)s;
	(void)ev;
	(void)cpu;
	return 0;
}

static int add_lost(struct summary *s, const struct event_header *ev,
		    unsigned int cpu)
{
	const struct event_lost *lost = (const void *)ev;

	(void)cpu;
	if (!s->loss.events || ev->tsc < s->loss.first_tsc)
		s->loss.first_tsc = ev->tsc;
	s->loss.events++;
	s->loss.missed += lost->missed;
	return 0;
}

struct event_kind {
	int (*add)(struct summary *s, const struct event_header *ev,
		   unsigned int cpu);
	size_t bytes;
};

static const struct event_kind kinds[] = {
#define EVENT(id, NAME, name, help) \
	[id] = { add_##name, sizeof(struct event_##name) },
#include "vmm-core/abi/events.def"
};

int summary_add(struct summary *s, const struct event_header *ev,
		unsigned int cpu)
{
	const struct event_kind *kind;

	if (ev->id >= ARRAY_SIZE(kinds) || !kinds[ev->id].add)
		return 0;
	kind = &kinds[ev->id];
	if ((size_t)ev->slots * EVENT_SLOT_BYTES < kind->bytes)
		return -EBADMSG;
	/* a loss is no record: its TSC may be 0, before the first one */
	if (ev->id != EVENT_LOST) {
		if (!s->any || ev->tsc < s->first_tsc)
			s->first_tsc = ev->tsc;
		if (ev->tsc > s->last_tsc)
			s->last_tsc = ev->tsc;
		s->any = true;
	}
	return kind->add(s, ev, cpu);
}

size_t summary_key_count(const struct summary *s)
{
	return s->keys;
}

enum summary_key summary_key_at(const struct summary *s, size_t i)
{
	return s->key[i];
}

const struct summary_row *summary_total(const struct summary *s)
{
	return &s->total;
}

uint64_t summary_first_tsc(const struct summary *s)
{
	return s->first_tsc;
}

uint64_t summary_last_tsc(const struct summary *s)
{
	return s->last_tsc;
}

struct summary_loss summary_loss(const struct summary *s)
{
	return s->loss;
}
