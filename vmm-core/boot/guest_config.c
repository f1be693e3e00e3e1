/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which VMs the boot modules describe.
 */
#include "vmm-core/boot/guest_config.h"

#include "vmm-core/lib/parse.h"
#include "vmm-core/lib/stop.h"
#include "vmm-core/lib/string.h"
#include "vmm-core/mm/mm.h"
#include "vmm-core/vcpu/vm.h"

#define GUEST_BYTES_DEFAULT	(256ull << 20)
#define GUEST_BYTES_MIN		(4ull << 20)
#define GUEST_BYTES_MAX		(1ull << 40)

static struct guest_config *config_find(struct guest_configs *configs,
					const char *name)
{
	for (unsigned int i = 0; i < configs->count; i++)
		if (!strcmp(configs->vm[i].name, name))
			return &configs->vm[i];
	return NULL;
}

/* Kernel and initrd of a VM may come in any order: the first makes it. */
static struct guest_config *config_of(struct guest_configs *configs,
				      const char *name)
{
	struct guest_config *config = config_find(configs, name);

	if (!*name || strlen(name) >= sizeof(config->name))
		refuse("vm=%s: a VM's name has 1 to %d bytes", name,
		       (int)sizeof(config->name) - 1);
	if (config)
		return config;
	if (configs->count == ANCHOR_VMS_MAX)
		refuse("more than %d VMs", ANCHOR_VMS_MAX);
	config = &configs->vm[configs->count++];
	strlcpy(config->name, name, sizeof(config->name));
	config->ram_bytes = GUEST_BYTES_DEFAULT;
	config->pv = VM_PV_ALL;
	config->cmdline = "";
	return config;
}

static void parse_mem(struct guest_config *config, const char *value)
{
	u64 bytes;

	if (parse_bytes(value, &bytes) || bytes < GUEST_BYTES_MIN ||
	    bytes > GUEST_BYTES_MAX)
		refuse("vm %s: mem must be 4M to 1024G, not '%s'",
		       config->name, value);
	config->ram_bytes = ALIGN_UP(bytes, LARGE_PAGE_BYTES);
}

static void parse_vcpus(const struct guest_config *config, const char *value)
{
	u64 n;

	if (parse_u64(value, &n) || n != 1)
		refuse("vm %s: vcpus=%s: a VM has 1 vCPU in this version",
		       config->name, value);
}

struct pv_name {
	const char *name;
	u32 bit;
};

static const struct pv_name pv_names[] = {
	{ "clock", VM_PV_CLOCK },
	{ "iodelay", VM_PV_IODELAY },
	{ "eoi", VM_PV_EOI },
};

static u32 pv_bit(const char *name, size_t len)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(pv_names); i++)
		if (strlen(pv_names[i].name) == len &&
		    !strncmp(pv_names[i].name, name, len))
			return pv_names[i].bit;
	return 0;
}

static void parse_pv(struct guest_config *config, const char *value)
{
	const char *item = value, *comma;
	size_t len;
	u32 bit;

	config->pv = 0;
	if (!strcmp(value, "none"))
		return;
	for (; item; item = comma ? comma + 1 : NULL) {
		comma = strchr(item, ',');
		len = comma ? (size_t)(comma - item) : strlen(item);
		bit = pv_bit(item, len);
		if (!bit)
			refuse("vm %s: pv must be none, or a list of clock, "
			       "iodelay and eoi, not '%s'", config->name, value);
		config->pv |= bit;
	}
}

static void parse_msr(struct guest_config *config, const char *value)
{
	if (strcmp(value, "ignore"))
		refuse("vm %s: msr must be ignore, not '%s'", config->name,
		       value);
	config->msr_ignore = true;
}

static bool parse_kernel_word(struct guest_config *config, const char *word)
{
	const char *value;

	if ((value = parse_value(word, "mem")))
		parse_mem(config, value);
	else if ((value = parse_value(word, "vcpus")))
		parse_vcpus(config, value);
	else if ((value = parse_value(word, "pv")))
		parse_pv(config, value);
	else if ((value = parse_value(word, "msr")))
		parse_msr(config, value);
	return value != NULL;
}

static void parse_kernel(struct guest_config *config,
			 const struct boot_module *module, char *rest)
{
	char *word;

	if (config->kernel.end)
		refuse("vm %s has two kernels", config->name);
	config->kernel = module->at;
	while ((word = parse_word(&rest))) {
		if (!strcmp(word, "--")) {
			config->cmdline = rest;
			return;
		}
		if (!parse_kernel_word(config, word))
			refuse("vm %s: '%s' is none of mem= vcpus= pv= --",
			       config->name, word);
	}
}

static void parse_initrd(struct guest_config *config,
			 const struct boot_module *module, char *rest)
{
	if (config->initrd.end)
		refuse("vm %s has two initrds", config->name);
	if (parse_word(&rest))
		refuse("vm %s: initrd takes vm= alone", config->name);
	config->initrd = module->at;
}

static bool is_kind(const char *word)
{
	return !strcmp(word, "kernel") || !strcmp(word, "initrd");
}

static void parse_module(struct guest_configs *configs,
			 struct boot_module *module, bool named)
{
	char *rest = module->text;
	char *kind = parse_word(&rest);
	struct guest_config *config;
	const char *name;
	char *word;

	if (kind && (named || !is_kind(kind)))
		kind = parse_word(&rest);
	if (!kind || !is_kind(kind))
		refuse("a boot module is neither 'kernel vm=NAME ...' nor "
		       "'initrd vm=NAME'");
	word = parse_word(&rest);
	name = word ? parse_value(word, "vm") : NULL;
	if (!name)
		refuse("vm=NAME must follow '%s' of a boot module", kind);
	config = config_of(configs, name);
	if (!strcmp(kind, "kernel"))
		parse_kernel(config, module, rest);
	else
		parse_initrd(config, module, rest);
}

void guest_configs_parse(struct guest_configs *configs, struct boot_info *boot)
{
	for (unsigned int i = 0; i < boot->modules_count; i++)
		parse_module(configs, &boot->module[i], boot->names_first);
	if (!configs->count)
		refuse("no guest: give a boot module 'kernel vm=NAME mem=SIZE "
		       "-- COMMAND LINE'");
	for (unsigned int i = 0; i < configs->count; i++)
		if (!configs->vm[i].kernel.end)
			refuse("vm %s has an initrd but no kernel module",
			       configs->vm[i].name);
}

u64 guest_configs_ram_bytes(const struct guest_configs *configs)
{
	u64 sum = 0;

	for (unsigned int i = 0; i < configs->count; i++)
		sum += configs->vm[i].ram_bytes;
	return sum;
}
