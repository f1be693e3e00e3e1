/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The facts that need a rule of their own. Any other fact of the machine
 * decides by its whole value, and any other recorded one by nothing.
 */
#include "exit-analyzer/result/fact_rules.h"

#include <stdio.h>
#include <string.h>

struct fact_rule {
	const char *name;
	enum fact_weight weight;
	/* NULL: the whole value decides */
	void (*decisive)(const char *value, char *text, size_t bytes);
};

/*
 * "QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18), tcg": what is
 * in brackets is a distribution's package, whose revisions change no figure.
 */
static void emulator_upstream(const char *value, char *text, size_t bytes)
{
	const char *open = strstr(value, " (");
	const char *close = open ? strchr(open, ')') : NULL;

	if (close)
		snprintf(text, bytes, "%.*s%s", (int)(open - value), value,
			 close + 1);
	else
		snprintf(text, bytes, "%s", value);
}

/* "bzImage 0123456789abcdef": a copy by another name is the same image. */
static void image_contents(const char *value, char *text, size_t bytes)
{
	const char *blank = strrchr(value, ' ');

	snprintf(text, bytes, "%s", blank ? blank + 1 : value);
}

static const struct fact_rule rules[] = {
	{ "emulator", FACT_DECIDES, emulator_upstream },
	{ "guest_kernel", FACT_DECIDES, image_contents },
	{ "guest_initrd", FACT_DECIDES, image_contents },
	/* part of what is compared, and the first suspect when it grew */
	{ "core_compiler", FACT_NOTED, NULL },
	{ "exit_analyzer", FACT_NOTED, NULL },
};

static const struct fact_rule *rule_find(const char *name)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (!strcmp(rules[i].name, name))
			return &rules[i];
	return NULL;
}

enum fact_weight fact_weight(const char *name, bool machine)
{
	const struct fact_rule *rule = rule_find(name);

	if (rule)
		return rule->weight;
	return machine ? FACT_DECIDES : FACT_IGNORED;
}

void fact_decisive(const char *name, const char *value, char *text,
		   size_t bytes)
{
	const struct fact_rule *rule = rule_find(name);

	if (rule && rule->decisive)
		rule->decisive(value, text, bytes);
	else
		snprintf(text, bytes, "%s", value);
}
