/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Symbols by address.
 *
 * kallsyms gives no sizes. A function ends where the next symbol of any kind
 * starts, which also ends the last function before data; but it does not
 * stretch over the hole behind a piece of text: not to another module's
 * symbol, and not further than any function is long.
 */
#include "tracer/symbol/symtab.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The longest function known, in a display driver, has a third of this. */
#define FUNCTION_BYTES_MAX	(256u << 10)
#define PAGE_BYTES		4096ull

struct symtab {
	char *text;		/* names and modules point into it */
	struct symbol *symbol;
	uint64_t *address;	/* of each symbol: what a lookup walks */
	size_t count;
};

/* Which of several names at one address is shown; the lowest wins. */
enum rank { RANK_GLOBAL, RANK_LOCAL, RANK_WEAK, RANK_BOUND, RANK_END,
	    RANK_NONE };

struct place {
	uint64_t address;
	uint32_t line;		/* in the order of the text */
};

struct builder {
	struct symbol *line;
	struct place *place;
	size_t lines, room;
};

static bool ends_with(const char *s, const char *end)
{
	size_t bytes = strlen(s), end_bytes = strlen(end);

	return bytes >= end_bytes && !strcmp(s + bytes - end_bytes, end);
}

/*
 * The linker's names for bounds of sections: they mark a place, and where
 * one ends a section no function follows.
 */
static enum rank bound_rank(const char *name)
{
	if (name[0] != '_')
		return RANK_NONE;
	if (!strcmp(name, "_text") || !strcmp(name, "_stext") ||
	    !strcmp(name, "_sinittext"))
		return RANK_BOUND;
	if (!strcmp(name, "_etext") || !strcmp(name, "_einittext") ||
	    ends_with(name, "_text_end") || ends_with(name, "_thunk_end"))
		return RANK_END;
	if (ends_with(name, "_text_start") || ends_with(name, "_thunk_start"))
		return RANK_BOUND;
	return RANK_NONE;
}

static enum rank symbol_rank(const struct symbol *s)
{
	enum rank bound;

	if (!s->address || !strchr("tTwW", s->type))
		return RANK_NONE;	/* 0: the kernel hides addresses */
	bound = s->module ? RANK_NONE : bound_rank(s->name);
	if (bound != RANK_NONE)
		return bound;
	switch (s->type) {
	case 'T':	return RANK_GLOBAL;
	case 't':	return RANK_LOCAL;
	default:	return RANK_WEAK;
	}
}

static bool char_is_visible(char c)
{
	return c > ' ' && c <= '~';
}

/* One run of visible characters, at least one. */
static char *word_take(char **at, char *end)
{
	char *word = *at;

	while (*at < end && char_is_visible(**at))
		++*at;
	return *at > word ? word : NULL;
}

static bool hex_take(char **at, char *end, uint64_t *value)
{
	char *start = *at;

	for (*value = 0; *at < end && *at - start < 17; ++*at) {
		char c = **at;

		if (c >= '0' && c <= '9')
			*value = *value << 4 | (c - '0');
		else if (c >= 'a' && c <= 'f')
			*value = *value << 4 | (c - 'a' + 10);
		else
			break;
	}
	return *at > start && *at - start <= 16;
}

/* "\t[module]" or nothing. */
static bool module_take(char **at, char *end, const char **module)
{
	char *word, *last;

	*module = NULL;
	if (*at == end)
		return true;
	if (*(*at)++ != '\t')
		return false;
	word = word_take(at, end);
	last = *at - 1;
	if (!word || *at != end || *word != '[' || *last != ']' ||
	    last == word + 1)
		return false;
	*last = '\0';
	*module = word + 1;
	return true;
}

static bool char_take(char **at, char *end, char c)
{
	return *at < end && *(*at)++ == c;
}

/* [at, end) is a line; *end may be written. */
static bool line_parse(char *at, char *end, struct symbol *s)
{
	char *name, *name_end;

	s->size = 0;
	if (!hex_take(&at, end, &s->address) || !char_take(&at, end, ' ') ||
	    at == end || !char_is_visible(*at))
		return false;
	s->type = *at++;
	if (!char_take(&at, end, ' '))
		return false;
	name = word_take(&at, end);
	name_end = at;
	if (!name || !module_take(&at, end, &s->module))
		return false;
	*name_end = '\0';
	s->name = name;
	return true;
}

static int line_add(struct builder *b, const struct symbol *s)
{
	if (b->lines == b->room) {
		size_t room = b->room ? b->room * 2 : 4096;
		void *more = reallocarray(b->line, room, sizeof(*b->line));

		if (!more)
			return -ENOMEM;
		b->line = more;
		b->room = room;
	}
	b->line[b->lines++] = *s;
	return 0;
}

/* text has a writable byte behind its end. */
static int lines_parse(struct builder *b, char *text, size_t bytes,
		       size_t *bad)
{
	char *end = text + bytes;
	struct symbol s;

	for (char *at = text, *next; at < end; at = next + 1) {
		next = memchr(at, '\n', end - at);
		if (!next)
			next = end;
		if (!line_parse(at, next, &s))
			++*bad;
		else if (line_add(b, &s))
			return -ENOMEM;
	}
	return 0;
}

static int place_compare(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

static int places_sort(struct builder *b)
{
	b->place = calloc(b->lines + 1, sizeof(*b->place));
	if (!b->place)
		return -ENOMEM;
	for (size_t i = 0; i < b->lines; i++) {
		b->place[i].address = b->line[i].address;
		b->place[i].line = i;
	}
	qsort(b->place, b->lines, sizeof(*b->place), place_compare);
	return 0;
}

static bool same_module(const struct symbol *a, const struct symbol *b)
{
	if (!a->module || !b->module)
		return a->module == b->module;
	return !strcmp(a->module, b->module);
}

/* A symbol ends where the next one begins, if there is one. */
static uint64_t symbol_size(const struct symbol *s, const struct symbol *next)
{
	uint64_t tail = 2 * PAGE_BYTES - s->address % PAGE_BYTES;
	/* without a next one, up to the end of the address space */
	uint64_t gap = (next ? next->address : 0) - s->address;

	if (next && same_module(s, next) && gap <= FUNCTION_BYTES_MAX)
		return gap;
	return gap < tail ? gap : tail;
}

/* The name for the address that lines [i, *next) share; NULL for none. */
static struct symbol *group_choose(const struct builder *b, size_t i,
				   size_t *next)
{
	uint64_t address = b->place[i].address;
	enum rank best = RANK_END;
	struct symbol *chosen = NULL;

	for (; i < b->lines && b->place[i].address == address; i++) {
		struct symbol *s = &b->line[b->place[i].line];
		enum rank rank = symbol_rank(s);

		if (rank < best) {
			best = rank;
			chosen = s;
		}
	}
	*next = i;
	return chosen;
}

static int table_fill(struct symtab *t, const struct builder *b)
{
	t->symbol = calloc(b->lines + 1, sizeof(*t->symbol));
	t->address = calloc(b->lines + 1, sizeof(*t->address));
	if (!t->symbol || !t->address)
		return -ENOMEM;
	for (size_t i = 0, next; i < b->lines; i = next) {
		const struct symbol *s = group_choose(b, i, &next);
		const struct symbol *after = next == b->lines ? NULL :
			&b->line[b->place[next].line];

		if (!s)
			continue;
		t->symbol[t->count] = *s;
		t->symbol[t->count].size = symbol_size(s, after);
		t->address[t->count++] = s->address;
	}
	return 0;
}

static const char *word_pack(char **at, const char *word)
{
	char *packed = *at;

	*at = stpcpy(packed, word) + 1;
	return packed;
}

/* Gives back the room reserved for lines that were not chosen. */
static void *array_shrink(void *array, size_t count, size_t bytes)
{
	void *shrunk = reallocarray(array, count + 1, bytes);

	return shrunk ? shrunk : array;
}

/* Keeps only the chosen names, about a third of the text. */
static int table_pack(struct symtab *t)
{
	const char *module = NULL, *packed = NULL;
	size_t bytes = 1;
	char *text, *at;

	for (size_t i = 0; i < t->count; i++) {
		const struct symbol *s = &t->symbol[i];

		bytes += strlen(s->name) + 1;
		bytes += s->module ? strlen(s->module) + 1 : 0;
	}
	text = malloc(bytes);
	if (!text)
		return -ENOMEM;
	at = text;
	for (size_t i = 0; i < t->count; i++) {
		struct symbol *s = &t->symbol[i];

		s->name = word_pack(&at, s->name);
		if (!s->module)
			continue;
		/* those of a module stand side by side */
		if (!module || strcmp(module, s->module)) {
			module = s->module;
			packed = word_pack(&at, module);
		}
		s->module = packed;
	}
	free(t->text);
	t->text = text;
	t->symbol = array_shrink(t->symbol, t->count, sizeof(*t->symbol));
	t->address = array_shrink(t->address, t->count, sizeof(*t->address));
	return 0;
}

static int table_build(struct symtab *t, size_t bytes, size_t *bad)
{
	struct builder b = { 0 };
	int err = lines_parse(&b, t->text, bytes, bad);

	if (!err)
		err = places_sort(&b);
	if (!err)
		err = table_fill(t, &b);
	free(b.line);
	free(b.place);
	return err ? err : table_pack(t);
}

struct symtab *symtab_from_kallsyms(const char *text, size_t bytes,
				    size_t *bad_lines)
{
	struct symtab *t;
	size_t bad = 0;
	int err = -ENOMEM;

	if (bytes > UINT32_MAX) {	/* lines are counted in 32 bits */
		errno = EFBIG;
		return NULL;
	}
	t = calloc(1, sizeof(*t));
	if (t)
		t->text = malloc(bytes + 1);
	if (t && t->text) {
		memcpy(t->text, text, bytes);
		err = table_build(t, bytes, &bad);
	}
	if (err) {
		symtab_free(t);
		errno = -err;
		return NULL;
	}
	if (bad_lines)
		*bad_lines = bad;
	return t;
}

const struct symbol *symtab_lookup(const struct symtab *t, uint64_t address)
{
	const uint64_t *low = t->address;
	size_t left = t->count;

	if (!left || address < *low)
		return NULL;
	/* *low <= address throughout; the compiler makes it a cmov */
	while (left > 1) {
		size_t half = left / 2;

		low += low[half] <= address ? half : 0;
		left -= half;
	}
	if (address - *low >= t->symbol[low - t->address].size)
		return NULL;
	return &t->symbol[low - t->address];
}

size_t symtab_count(const struct symtab *t)
{
	return t->count;
}

void symtab_free(struct symtab *t)
{
	if (!t)
		return;
	free(t->text);
	free(t->symbol);
	free(t->address);
	free(t);
}
