/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's kernel: image, then kallsyms, then what these give the way to.
 *
 * The kernel's own symbols do not change, so they are decoded once, at open;
 * modules come and go, and are read anew each time.
 */
#include "tracer/guest/guest_kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/guest/kallsyms.h"
#include "tracer/guest/kernel_image.h"
#include "tracer/guest/modules.h"

#define BTF_BYTES_MAX		(64u << 20)

enum { MODULES, BTF_START, BTF_STOP, PAGE_TABLE, INIT_TASK, WANTED };

struct guest_kernel {
	struct guest_memory memory;
	struct kernel_image image;
	struct guest_paging paging;	/* the kernel's own, if it has it yet */
	bool paging_is_own;
	struct symbol_text text;	/* of the kernel itself */
	struct kallsyms_wanted wanted[WANTED];
	struct module_layout layout;
	bool layout_asked;
};

static int area_search(struct guest_kernel *g, struct kallsyms *k,
		       uint64_t offset, uint64_t bytes)
{
	struct kallsyms_area area = {
		.bytes = bytes, .gva = g->image.text + offset,
	};
	uint8_t *copy = malloc(bytes);
	int err;

	if (!copy)
		return -ENOMEM;
	memcpy(copy, g->image.host + offset, bytes);
	area.at = copy;
	err = kallsyms_find(k, &area, g->image.text, g->image.bytes);
	if (!err)
		err = kallsyms_print(k, &g->text, g->wanted, WANTED);
	kallsyms_free(k);
	free(copy);
	return err;
}

/*
 * The tables are read-only data; but early in its boot the kernel has not
 * write-protected anything yet, and then they may be anywhere.
 */
static int image_search(struct guest_kernel *g, struct kallsyms *k)
{
	int err = -ENOENT;

	for (unsigned int i = 0; i < g->image.runs && err == -ENOENT; i++) {
		const struct kernel_run *r = &g->image.run[i];

		if (!r->writable && r->no_execute)
			err = area_search(g, k, r->offset, r->bytes);
	}
	for (unsigned int i = 0; i < g->image.runs && err == -ENOENT; i++) {
		const struct kernel_run *r = &g->image.run[i];

		if (r->writable || !r->no_execute)
			err = area_search(g, k, r->offset, r->bytes);
	}
	return err;
}

/* The kernel's page table maps modules for sure; a process's might not. */
static void paging_choose(struct guest_kernel *g)
{
	uint64_t table = g->wanted[PAGE_TABLE].address;
	struct guest_mapping now, own;
	struct guest_paging p = g->image.paging;

	g->paging = g->image.paging;
	if (!kernel_image_at(&g->image, table, 4096) ||
	    !guest_walk(&g->memory, &p, table, &now))
		return;
	p.cr3 = now.gpa + (table - now.gva);
	if (guest_walk(&g->memory, &p, table, &own) &&
	    own.gpa + (table - own.gva) == p.cr3) {
		g->paging = p;
		g->paging_is_own = true;
	}
}

static int kernel_find(struct guest_kernel *g, const struct guest_paging *p,
		       const char **why)
{
	struct kallsyms *k;
	int err = kernel_image_find(&g->image, &g->memory, p, why);

	if (err)
		return err;
	*why = "no memory";
	k = calloc(1, sizeof(*k));
	if (!k)
		return -ENOMEM;
	err = image_search(g, k);
	free(k);
	if (err == -ENOENT || err == -E2BIG)
		*why = "no kallsyms in what the page tables map as the kernel";
	return err == -E2BIG ? -ENOENT : err;
}

struct guest_kernel *guest_kernel_open(const struct guest_memory *m,
				       const struct guest_paging *p,
				       const char **why)
{
	struct guest_kernel *g = calloc(1, sizeof(*g));
	int err;

	*why = "no memory";
	if (!g)
		return NULL;
	g->memory = *m;
	g->wanted[MODULES].name = "modules";
	g->wanted[BTF_START].name = "__start_BTF";
	g->wanted[BTF_STOP].name = "__stop_BTF";
	g->wanted[PAGE_TABLE].name = "init_top_pgt";
	g->wanted[INIT_TASK].name = "init_task";
	err = kernel_find(g, p, why);
	if (err) {
		guest_kernel_close(g);
		errno = -err;
		return NULL;
	}
	paging_choose(g);
	return g;
}

void guest_kernel_close(struct guest_kernel *g)
{
	if (!g)
		return;
	symbol_text_free(&g->text);
	free(g);
}

uint64_t guest_kernel_text(const struct guest_kernel *g)
{
	return g->image.text;
}

size_t guest_kernel_symbols(const struct guest_kernel *g)
{
	return g->text.lines;
}

/* A copy of its BTF; *btf is NULL if it has none. */
static int btf_copy(const struct guest_kernel *g, uint8_t **btf, size_t *bytes)
{
	uint64_t start = g->wanted[BTF_START].address;
	const uint8_t *live;

	*bytes = g->wanted[BTF_STOP].address - start;
	*btf = NULL;
	live = kernel_image_at(&g->image, start, *bytes);
	if (!live || !*bytes || *bytes > BTF_BYTES_MAX)
		return 0;
	*btf = malloc(*bytes);
	if (!*btf)
		return -ENOMEM;
	memcpy(*btf, live, *bytes);
	return 0;
}

/* Once; a kernel without BTF leaves the layout unknown. */
static int layout_find(struct guest_kernel *g)
{
	uint8_t *btf;
	size_t bytes;
	int err;

	if (g->layout_asked)
		return 0;
	err = btf_copy(g, &btf, &bytes);
	if (err || !btf)
		return err;
	err = module_layout_find(&g->layout, btf, bytes);
	free(btf);
	g->layout_asked = true;
	return err == -ENOMEM ? err : 0;
}

int guest_kernel_kallsyms(struct guest_kernel *g, char **text, size_t *bytes,
			  unsigned int *modules_bad)
{
	struct symbol_text t = g->text;
	unsigned int bad = 0;
	int err = layout_find(g);

	if (err)
		return err;
	t.at = malloc(t.room);
	if (!t.at)
		return -ENOMEM;
	memcpy(t.at, g->text.at, t.bytes);
	if (g->wanted[MODULES].address)
		err = modules_print(&g->memory, &g->paging, &g->layout,
				    g->wanted[MODULES].address, &t, &bad);
	if (err) {
		symbol_text_free(&t);
		return err;
	}
	*text = t.at;
	*bytes = t.bytes;
	if (modules_bad)
		*modules_bad = bad;
	return 0;
}

int guest_kernel_processes(const struct guest_kernel *g,
			   struct process_list *list, const char **why)
{
	uint8_t *btf;
	size_t bytes;
	int err;

	*why = "its kernel has no init_task";
	if (!g->wanted[INIT_TASK].address)
		return -ENOENT;
	*list = (struct process_list){
		.memory = g->memory, .paging = g->paging,
		.init_task = g->wanted[INIT_TASK].address,
		.kernel_cr3 = g->paging_is_own ?
			g->paging.cr3 & GUEST_CR3_TABLE : 0,
	};
	*why = "its kernel has no BTF";
	err = btf_copy(g, &btf, &bytes);
	if (err || !btf)
		return err ? err : -ENOENT;
	*why = "its kernel's BTF does not describe processes";
	err = process_layout_find(&list->layout, btf, bytes);
	free(btf);
	return err;
}
