/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's own command line: one row an option.
 */
#include "vmm-core/boot/options.h"

#include "vmm-core/abi/anchor.h"
#include "vmm-core/lib/parse.h"
#include "vmm-core/lib/printk.h"
#include "vmm-core/lib/stop.h"
#include "vmm-core/lib/string.h"

#define RING_BYTES_DEFAULT	(64ull << 20)
#define RING_BYTES_MIN		(16ull << 10)
#define RING_BYTES_MAX		(64ull << 30)
/* ten years: as a TSC it does not wrap */
#define STOP_AFTER_NS_MAX	315360000000000000ull

static int option_com(const char *value, unsigned int *com)
{
	u64 n;

	if (!strcmp(value, "none")) {
		*com = 0;
		return 0;
	}
	if (strncmp(value, "com", 3) || parse_u64(value + 3, &n) ||
	    n < 1 || n > 4)
		return -EINVAL;
	*com = (unsigned int)n;
	return 0;
}

static int option_log(struct options *options, const char *value)
{
	return option_com(value, &options->log_com);
}

static int option_console(struct options *options, const char *value)
{
	return option_com(value, &options->guest_com);
}

static int option_ring(struct options *options, const char *value)
{
	u64 bytes;

	if (parse_bytes(value, &bytes) || bytes & (bytes - 1) ||
	    bytes < RING_BYTES_MIN || bytes > RING_BYTES_MAX)
		return -EINVAL;
	options->ring_bytes = bytes;
	return 0;
}

static int option_exit_port(struct options *options, const char *value)
{
	u64 port;

	if (parse_u64(value, &port) || !port || port > 0xffff)
		return -EINVAL;
	options->exit_port = (u16)port;
	return 0;
}

static int option_stop_after(struct options *options, const char *value)
{
	u64 ns;

	if (parse_u64(value, &ns) || !ns || ns > STOP_AFTER_NS_MAX)
		return -EINVAL;
	options->stop_after_ns = ns;
	return 0;
}

static int option_cpus(struct options *options, const char *value)
{
	u64 n;

	if (parse_u64(value, &n) || !n || n > ANCHOR_CPUS_MAX)
		return -EINVAL;
	options->cpus = (unsigned int)n;
	return 0;
}

/* The guests' RAM takes longer to clear than all the rest of the start. */
static int option_fresh_ram(struct options *options, const char *value)
{
	if (value)
		return -EINVAL;
	options->fresh_ram = true;
	return 0;
}

static int option_verbose(struct options *options, const char *value)
{
	if (value)
		return -EINVAL;
	options->verbose = true;
	return 0;
}

struct option {
	const char *name;
	const char *value;	/* what it may be; NULL: it takes none */
	int (*parse)(struct options *options, const char *value);
};

static const struct option option_table[] = {
	{ "log", "com1..com4|none", option_log },
	{ "console", "com1..com4|none", option_console },
	{ "ring", "SIZE (16K to 64G, a power of two)", option_ring },
	{ "exit-port", "1..0xffff", option_exit_port },
	{ "stop-after", "NANOSECONDS", option_stop_after },
	{ "cpus", "1..64", option_cpus },
	{ "fresh-ram", NULL, option_fresh_ram },
	{ "verbose", NULL, option_verbose },
};

/* *value: what follows the name, NULL for nothing. NULL: no such option. */
static const struct option *option_find(const char *word, const char **value)
{
	const struct option *option = option_table;

	for (; option < option_table + ARRAY_SIZE(option_table); option++) {
		*value = parse_value(word, option->name);
		if (*value || !strcmp(word, option->name))
			return option;
	}
	return NULL;
}

static bool option_is_bad(struct options *options, const char *word)
{
	const char *value;
	const struct option *option = option_find(word, &value);

	if (!option || (option->value && !value))
		return true;
	return option->parse(options, value) != 0;
}

/* For loaders that do not tell whether they pass the image's path. */
static bool is_image_path(const char *word)
{
	size_t len = strlen(word);

	if (word[0] == '/')
		return true;
	return !strchr(word, '=') && len > 4 && !strcmp(word + len - 4, ".elf");
}

const char *options_parse(struct options *options, char *cmdline, bool named)
{
	const char *bad = NULL;
	bool first = true;
	char *word;

	*options = (struct options){
		.log_com = 2,
		.guest_com = 1,
		.ring_bytes = RING_BYTES_DEFAULT,
		.cpus = ANCHOR_CPUS_MAX,
	};
	for (; (word = parse_word(&cmdline)); first = false) {
		if (first && (named || is_image_path(word)))
			continue;
		if (option_is_bad(options, word) && !bad)
			bad = word;
	}
	return bad;
}

static void options_list(char *to, size_t size)
{
	const struct option *option = option_table;
	size_t len = 0;

	for (; option < option_table + ARRAY_SIZE(option_table); option++) {
		len += snprintk(to + len, size - len, "%s%s%s",
				len ? " " : "", option->name,
				option->value ? "=" : "");
		if (len >= size)
			break;
	}
}

void options_refuse(const char *word)
{
	const struct option *option;
	const char *value;
	char list[128];

	option = option_find(word, &value);
	if (option && option->value)
		refuse("bad option '%s': %s takes %s", word, option->name,
		       option->value);
	if (option)
		refuse("bad option '%s': %s takes no value", word,
		       option->name);
	options_list(list, sizeof(list));
	refuse("unknown option '%s'; the core has %s", word, list);
}
