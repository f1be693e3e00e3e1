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
	struct source_vm_names *names;
	char *text;

	if (got <= 0)
		return got;
	if (chunk.head.vm >= info->vms)
		return file_chunks_bad(list, listed,
				       "symbols of an impossible VM");
	text = malloc((size_t)chunk.head.raw_bytes + 1);
	if (!text)
		return -ENOMEM;
	memcpy(text, chunk.raw, chunk.head.raw_bytes);
	text[chunk.head.raw_bytes] = 0;
	/* the latest are the most complete */
	names = &info->vm[chunk.head.vm];
	free(names->kallsyms);
	names->kallsyms = text;
	names->kallsyms_bytes = chunk.head.raw_bytes;
	return 0;
}

/* NULL: processes that can be taken behind those that there are. */
static const char *processes_fault(const struct source_file_info *info,
				   const struct trace_chunk *head)
{
	size_t count = head->raw_bytes / sizeof(struct trace_process);

	if (head->vm >= info->vms)
		return "processes of an impossible VM";
	if (head->raw_bytes % sizeof(struct trace_process))
		return "part of a process";
	if (count > TRACE_PROCESSES_MAX - info->vm[head->vm].process_count)
		return "more processes than a trace may have";
	return NULL;
}

static int processes_append(struct source_file_info *info,
			    const struct trace_reader_chunk *chunk)
{
	struct source_vm_names *names = &info->vm[chunk->head.vm];
	size_t more = chunk->head.raw_bytes / sizeof(struct trace_process);
	struct trace_process *grown;

	grown = reallocarray(names->processes, names->process_count + more + 1,
			     sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	memcpy(grown + names->process_count, chunk->raw,
	       more * sizeof(*grown));
	names->processes = grown;
	names->process_count += more;
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

int file_names_load(struct source_file_info *info, struct file_chunks *list,
		    unsigned int vms)
{
	int err = 0;

	info->vm = calloc(vms + 1, sizeof(*info->vm));
	if (!info->vm)
		return -ENOMEM;
	info->vms = vms;
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
	for (unsigned int vm = 0; vm < info->vms; vm++) {
		free(info->vm[vm].kallsyms);
		free(info->vm[vm].processes);
	}
	free(info->vm);
}
