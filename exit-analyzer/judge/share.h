/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names the functions whose share of a row changed between two results, by
 * the instructions that were executed in them; and in a traced guest's row of
 * a reason also the guest's functions, by what handling their exits cost.
 */
#ifndef EXIT_ANALYZER_JUDGE_SHARE_H
#define EXIT_ANALYZER_JUDGE_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "exit-analyzer/judge/verdict.h"

struct share {
	const char *name;	/* of the results, which must outlive this */
	uint64_t old, new;	/* 0: it has none there */
	bool exits;		/* of the guest's, whose exits these were */
};

struct shares {
	bool known;		/* both sides say where it went */
	/* those that changed: what was executed, then whose exits it was; in
	 * each first what did most to make the row dearer, or cheaper if that
	 * is what it is */
	struct share *share;
	size_t count;
};

/* how many of either kind are shown to people */
#define SHARES_SHOWN 10
#define SHARE_NAME_BYTES 256

/* Compares a row of two sorted results. 0; or -ENOMEM, with nothing known. */
int shares_of_row(struct shares *s, const struct result *old,
		  const struct result *new, const char *name);
void shares_release(struct shares *s);
/* "handle_cpuid", or "guest:NAME" */
void share_name(const struct share *s, char name[SHARE_NAME_BYTES]);
/* Counts the shares of one kind from this one on. */
size_t shares_alike(const struct shares *s, size_t from);
/*
 * Lines "+12  handle_cpuid  31 -> 43", the first SHARES_SHOWN of each kind
 * and how many more there are. Caller frees; NULL: nothing to say.
 */
char *shares_text(const struct result *old, const struct result *new,
		  const char *name);
/* The same, moved in by some columns. */
void shares_print(FILE *to, int indent, const struct result *old,
		  const struct result *new, const char *name);
/* Returns why no changed row can name its functions; NULL: one can. */
const char *shares_missing(const struct verdict *v);

#endif
