/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finding the kernel image through the guest's page tables.
 *
 * x86-64 Linux maps its image, and nothing else, into the window below; the
 * first mapped address there is _text. Unmapped pieces are skipped by the
 * level that missed, so a walk over the window takes well under 1 ms.
 */
#include "tracer/guest/kernel_image.h"

#include <errno.h>

#define WINDOW_START		0xffffffff80000000ull
#define WINDOW_END		0xffffffffc0000000ull

#define TEXT_BYTES_MIN		(4ull << 20)

/*
 * With page table isolation a process has two roots side by side, told apart
 * by this bit of CR3. The one for user mode maps the kernel's entry code, at
 * most its text, but not its data.
 */
#define CR3_PTI_USER		(1ull << 12)
#define WHOLE_BYTES_MIN		(8ull << 20)
#define WHOLE_DATA_MIN		(256ull << 10)

static bool run_continues(const struct kernel_image *k,
			  const struct guest_mapping *leaf)
{
	const struct kernel_run *r;

	if (!k->runs)
		return false;
	r = &k->run[k->runs - 1];
	return r->offset + r->bytes == leaf->gva - k->text &&
	       r->writable == leaf->writable &&
	       r->no_execute == leaf->no_execute;
}

static void run_add(struct kernel_image *k, const struct guest_mapping *leaf)
{
	if (run_continues(k, leaf)) {
		k->run[k->runs - 1].bytes += leaf->bytes;
	} else if (k->runs < KERNEL_RUNS_MAX) {
		k->run[k->runs++] = (struct kernel_run){
			.offset = leaf->gva - k->text,
			.bytes = leaf->bytes,
			.writable = leaf->writable,
			.no_execute = leaf->no_execute,
		};
	}
	k->bytes = leaf->gva + leaf->bytes - k->text;
}

/*
 * Fills in the runs. Leaves out what is not as far from _text physically as
 * it is virtually: another mapping, not the image.
 */
static void image_enumerate(struct kernel_image *k,
			   const struct guest_memory *m, uint64_t *text_gpa)
{
	uint64_t gva = WINDOW_START;
	struct guest_mapping leaf;

	while (gva >= WINDOW_START && gva < WINDOW_END) {
		bool mapped = guest_walk(m, &k->paging, gva, &leaf);

		if (!leaf.bytes)
			break;
		if (mapped && !k->runs) {
			k->text = leaf.gva;
			*text_gpa = leaf.gpa;
		}
		/* a leaf may be larger than the window: a hostile guest's */
		if (mapped && leaf.gva >= WINDOW_START &&
		    leaf.bytes <= WINDOW_END - leaf.gva &&
		    leaf.gpa - *text_gpa == leaf.gva - k->text)
			run_add(k, &leaf);
		gva = leaf.gva + leaf.bytes;
	}
}

static int image_find(struct kernel_image *k, const struct guest_memory *m,
		      const struct guest_paging *p, const char **why)
{
	uint64_t text_gpa = 0;

	k->paging = *p;
	k->runs = 0;
	k->bytes = 0;
	image_enumerate(k, m, &text_gpa);
	if (k->bytes < TEXT_BYTES_MIN) {
		*why = "the page tables map no kernel, or too little for one";
		return -EAGAIN;
	}
	k->host = guest_physical(m, text_gpa, k->bytes);
	if (!k->host) {
		*why = "the kernel's mapping leaves the RAM";
		return -ENOENT;
	}
	return 0;
}

static bool image_is_whole(const struct kernel_image *k)
{
	bool data = false;

	for (unsigned int i = 0; i < k->runs; i++)
		data |= k->run[i].writable &&
			k->run[i].bytes >= WHOLE_DATA_MIN;
	return data && k->bytes >= WHOLE_BYTES_MIN;
}

int kernel_image_find(struct kernel_image *k, const struct guest_memory *m,
		      const struct guest_paging *p, const char **why)
{
	struct guest_paging kernel = *p;
	int err = image_find(k, m, p, why);

	if (!(p->cr3 & CR3_PTI_USER) || (!err && image_is_whole(k)))
		return err;
	kernel.cr3 &= ~CR3_PTI_USER;
	if (!image_find(k, m, &kernel, why))
		return 0;
	return image_find(k, m, p, why);
}

const uint8_t *kernel_image_at(const struct kernel_image *k, uint64_t gva,
			       uint64_t bytes)
{
	if (gva < k->text || gva - k->text > k->bytes ||
	    bytes > k->bytes - (gva - k->text))
		return NULL;
	return k->host + (gva - k->text);
}
