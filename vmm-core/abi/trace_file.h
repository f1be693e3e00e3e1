/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The trace file, vmprof.data: a header, then chunks to the end.
 *
 * Appended to only, a chunk at a time, so a file that was cut (recorder
 * killed, disk full) reads up to its last whole chunk. The body is all that
 * follows the header; on a deterministic machine it is the same in every
 * run, so what the host's clock or name decides is kept in the header alone.
 * man/vmprof-data.5 is this file in prose.
 */
#ifndef VMM_CORE_ABI_TRACE_FILE_H
#define VMM_CORE_ABI_TRACE_FILE_H

#include "vmm-core/abi/anchor.h"

#define TRACE_FILE_MAGIC	"VMPROF\r\n"	/* 8 bytes, no NUL */
#define TRACE_FILE_VERSION	2

struct trace_file_header {
	__u8  magic[8];
	__u32 version;		/* readers refuse a greater one */
	__u32 header_bytes;	/* the body starts here; readers skip what they do not know */
	__u32 event_slot_bytes;	/* EVENT_SLOT_BYTES */
	__u32 reserved;
	__u64 created_ns;	/* wall clock of the host, UTC */
	char  host[64];		/* NUL-terminated, as the rest */
	char  recorder[64];	/* program and version */
	char  command[856];	/* as typed */
	__u64 checksum;		/* XXH64, seed 0, of all bytes before it */
};
ABI_SIZE(struct trace_file_header, 1024);

#define TRACE_CHUNK_MAGIC	0x4b4e4843	/* "CHNK" */
/* neither side of a chunk is larger */
#define TRACE_CHUNK_BYTES_MAX	(64u << 20)
/* an EVENTS chunk ends after this many records of one ring, or at the end */
#define TRACE_CHUNK_RECORDS	8192

enum trace_chunk_kind {
	TRACE_CHUNK_MACHINE = 1, /* struct trace_machine; first of the body */
	TRACE_CHUNK_EVENTS = 2,	/* whole records of one ring, as in the ring */
	TRACE_CHUNK_KALLSYMS = 3, /* a guest kernel's symbols, as /proc/kallsyms has them */
	TRACE_CHUNK_END = 4,	/* struct trace_end; without it the trace was cut */
	TRACE_CHUNK_PROCESSES = 5, /* struct trace_process[]: what changed in a guest since the last such chunk */
	TRACE_CHUNK_MACHINE_COPY = 6, /* as MACHINE, should that be damaged */
	TRACE_CHUNK_KINDS
};

enum trace_codec {
	TRACE_CODEC_NONE = 0,
	TRACE_CODEC_ZSTD = 1,
};

struct trace_chunk {
	__u32 magic;
	__u16 kind;		/* readers skip kinds they do not know */
	__u8  codec;
	__u8  reserved;
	__u16 cpu;		/* EVENTS: whose ring */
	__u16 vm;		/* KALLSYMS, PROCESSES: whose */
	__u32 records;		/* EVENTS: LOST included */
	__u32 stored_bytes;	/* that follow this header */
	__u32 raw_bytes;	/* after decompression */
	__u64 checksum;		/* XXH64 of the fields above (seed 0), then of the
				 * stored bytes, seeded with that */
};
ABI_SIZE(struct trace_chunk, 32);

/* From the anchor, as it was when recording began. */
struct trace_machine {
	__u64 abi_hash;
	__u8  build_id[20];
	__u16 isa;
	__u16 cpus;
	__u64 tsc_khz;
	__u64 tsc_at_wall;
	__u64 wall_ns;
	__u32 deterministic;	/* 1: TSC counts instructions */
	__u16 vms;
	__u16 reserved;
	struct anchor_vm vm[ANCHOR_VMS_MAX];
	/* of each VM's devices, as in the anchor; older files end before it */
	struct anchor_range range[ANCHOR_VMS_MAX][ANCHOR_RANGES_MAX];
};

enum trace_process_state {
	TRACE_PROCESS_SEEN = 0,
	TRACE_PROCESS_GONE = 1,	/* cr3 is nobody's any more */
	/* from then on nobody watched: no process of the VM is known */
	TRACE_PROCESS_UNWATCHED = 2,
};

/* of one VM in one file */
#define TRACE_PROCESSES_MAX	(1u << 20)

/*
 * The process that had an address space from a time on, as far as was seen.
 * Changes of one cr3 stand in the order of time.
 */
struct trace_process {
	__u64 from_tsc;
	__u64 cr3;		/* where its page tables are; bits 12 to 51 only */
	__u32 pid;		/* 0: the kernel's own tables, before any process */
	__u32 state;		/* enum trace_process_state */
	char  comm[16];		/* NUL-terminated; empty if gone */
};
ABI_SIZE(struct trace_process, 40);

/* One for each CPU follows: written = read + missed, or the file lies. */
struct trace_end_cpu {
	__u64 written;		/* records, since recording began */
	__u64 read;
	__u64 missed;
};

struct trace_end {
	__u64 end_tsc;		/* of the last record; 0: there was none */
	__u32 machine_state;	/* enum machine_state */
	__u32 cpus;
	/* the core's own counters: exits of all vCPUs since boot */
	__u64 exits;
	__u64 tlb_flushes;
	__u64 hypercalls;
	/* struct trace_end_cpu[cpus] */
};
ABI_SIZE(struct trace_end, 40);

#endif
