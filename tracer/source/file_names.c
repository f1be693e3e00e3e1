/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The names in a trace file.
 */
#include "tracer/source/file_names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int kallsyms_load(struct source_file_info *info,
			 struct file_chunks *list, struct file_chunk *listed)
{
	struct trace_reader_chunk chunk;
	int got = file_chunks_read(list, listed, &chunk);
	char *text;

	if (got <= 0)
		return got;
	if (chunk.head.vm >= ANCHOR_VMS_MAX)
		return file_chunks_bad(list, listed,
				       "symbols of an impossible VM");
	text = malloc((size_t)chunk.head.raw_bytes + 1);
	if (!text)
		return -ENOMEM;
	memcpy(text, chunk.raw, chunk.head.raw_bytes);
	text[chunk.head.raw_bytes] = 0;
	/* the latest are the most complete */
	free(info->kallsyms[chunk.head.vm]);
	info->kallsyms[chunk.head.vm] = text;
	info->kallsyms_bytes[chunk.head.vm] = chunk.head.raw_bytes;
	return 0;
}

/* NULL: processes that can be taken behind those that there are. */
static const char *processes_fault(const struct source_file_info *info,
				   const struct trace_chunk *head)
{
	size_t count = head->raw_bytes / sizeof(struct trace_process);

	if (head->vm >= ANCHOR_VMS_MAX)
		return "processes of an impossible VM";
	if (head->raw_bytes % sizeof(struct trace_process))
		return "part of a process";
	if (count > TRACE_PROCESSES_MAX - info->process_count[head->vm])
		return "more processes than a trace may have";
	return NULL;
}

static int processes_append(struct source_file_info *info,
			    const struct trace_reader_chunk *chunk)
{
	unsigned int vm = chunk->head.vm;
	size_t more = chunk->head.raw_bytes / sizeof(struct trace_process);
	struct trace_process *grown;

	grown = reallocarray(info->processes[vm],
			     info->process_count[vm] + more + 1,
			     sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	memcpy(grown + info->process_count[vm], chunk->raw,
	       more * sizeof(*grown));
	info->processes[vm] = grown;
	info->process_count[vm] += more;
	return 0;
}

static int processes_load(struct source_file_info *info,
			  struct file_chunks *list, struct file_chunk *listed)
{
	struct trace_reader_chunk chunk;
	int got = file_chunks_read(list, listed, &chunk);
	const char *fault;

	if (got <= 0)
		return got;
	fault = processes_fault(info, &chunk.head);
	return fault ? file_chunks_bad(list, listed, fault) :
		       processes_append(info, &chunk);
}

int file_names_load(struct source_file_info *info, struct file_chunks *list)
{
	int err = 0;

	for (size_t i = 0; !err && i < list->count; i++) {
		struct file_chunk *c = &list->chunk[i];

		if (c->kind == TRACE_CHUNK_KALLSYMS)
			err = kallsyms_load(info, list, c);
		else if (c->kind == TRACE_CHUNK_PROCESSES)
			err = processes_load(info, list, c);
	}
	return err;
}

void file_names_free(struct source_file_info *info)
{
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++) {
		free(info->kallsyms[vm]);
		free(info->processes[vm]);
	}
}
