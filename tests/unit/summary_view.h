/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A summary's rows as tests look at them: by place in the order and by key.
 */
#ifndef TESTS_UNIT_SUMMARY_VIEW_H
#define TESTS_UNIT_SUMMARY_VIEW_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "exit-analyzer/stats/summary.h"

static inline struct summary_rows exits_of(struct summary *s)
{
	struct summary_rows rows;

	assert_int_equal(summary_exits(s, &rows), 0);
	return rows;
}

static inline const struct summary_row *
exit_row(const struct summary_rows *rows, size_t i)
{
	return summary_row_at(rows, i);
}

static inline uint64_t number_at(const struct summary_rows *rows, size_t i,
				 size_t key)
{
	return summary_value_at(rows, i, key).number;
}

/* Texts are good until the next call; NULL: the value is a number. */
static inline const struct key_text *key_text_at(const struct summary_rows *rows,
						 size_t i, size_t key)
{
	static struct key_text text;
	struct key_value v = summary_value_at(rows, i, key);

	key_print(rows->context, rows->group->key[key], &v, &text);
	if (v.kind == KEY_NUMBER)
		text.text = text.tag = NULL;
	return &text;
}

static inline const char *text_at(const struct summary_rows *rows, size_t i,
				  size_t key)
{
	return key_text_at(rows, i, key)->text;
}

static inline const char *tag_at(const struct summary_rows *rows, size_t i,
				 size_t key)
{
	return key_text_at(rows, i, key)->tag;
}

/* A context with these guests, NULL: none; ends with key_context_exit(). */
static inline void context_make(struct key_context *c, struct guest *guests)
{
	memset(c, 0, sizeof(*c));
	assert_int_equal(key_context_init(c), 0);
	c->guests = guests;
}

#endif
