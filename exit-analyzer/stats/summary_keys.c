/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sort keys by name: rows of summary_keys.def.
 */
#include "exit-analyzer/stats/summary.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct key_words {
	const char *name, *heading, *help;
};

static const struct key_words words[SUMMARY_KEYS] = {
#define SUMMARY_KEY(NAME, name, heading, help) \
	[SUMMARY_KEY_##NAME] = { name, heading, help },
#include "exit-analyzer/stats/summary_keys.def"
};

const char *summary_key_name(enum summary_key key)
{
	return words[key].name;
}

const char *summary_key_heading(enum summary_key key)
{
	return words[key].heading;
}

const char *summary_key_help(enum summary_key key)
{
	return words[key].help;
}

static enum summary_key key_by_name(const char *name, size_t length)
{
	int key = 0;

	while (key < SUMMARY_KEYS && (strlen(words[key].name) != length ||
				      memcmp(words[key].name, name, length)))
		key++;
	return key;
}

int summary_parse_keys(const char *list, enum summary_key keys[SUMMARY_KEYS],
		       char *bad, size_t bad_bytes)
{
	bool taken[SUMMARY_KEYS] = { false };
	int count = 0;

	for (;;) {
		size_t length = strcspn(list, ",");
		enum summary_key key = key_by_name(list, length);

		if (key == SUMMARY_KEYS || taken[key]) {
			snprintf(bad, bad_bytes, "%.*s", (int)length, list);
			return -EINVAL;
		}
		taken[key] = true;
		keys[count++] = key;
		if (!list[length])
			return count;
		list += length + 1;
	}
}
