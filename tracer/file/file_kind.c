/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Other programs' files, by their first bytes.
 */
#include "tracer/file/file_kind.h"

#include <stdint.h>
#include <string.h>

#include "vmm-core/abi/trace_file.h"

struct kind {
	const char *magic;
	size_t bytes;
	const char *says;
};

#define UNPACK(name) "it is compressed with " name "; pipe it through '" \
		     name " -dc' and name - as the file"
#define KIND(magic, says) { (magic), sizeof(magic) - 1, (says) }

static const struct kind kinds[] = {
	KIND("PERFILE2", "it is a perf.data file; 'vmprof report -i FILE' "
			 "reads it if it has KVM's exits"),
	KIND("2ELIFREP", "it is a perf.data file of a big-endian machine; "
			 "'perf report' reads it"),
	KIND("PERFFILE", "it is a perf.data file of an old perf; that one's "
			 "'perf report' reads it"),
	KIND("\x17\x08\x44tracing", "it is a trace.dat file; 'trace-cmd report' "
				   "reads it"),
	/* its first record says which CPU's the next are */
	KIND("\x03\xf0\x01\x20", "it is an xentrace file; 'vmprof report -i "
				    "FILE' reads it"),
	KIND("\x1f\x8b", UNPACK("gzip")),
	KIND("\x28\xb5\x2f\xfd", UNPACK("zstd")),
	KIND("\xfd" "7zXZ", UNPACK("xz")),
	KIND("BZh", UNPACK("bzip2")),
	KIND(TRACE_FILE_MAGIC, "it is a vmprof trace; 'vmprof report -i FILE' "
			       "reads it"),
	KIND("\x7f" "ELF", "it is a program or a kernel, not a vmprof trace; "
			   "'vmprof record' makes one"),
};

const char *file_kind_known(const void *begin, size_t bytes)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (bytes >= kinds[i].bytes &&
		    !memcmp(begin, kinds[i].magic, kinds[i].bytes))
			return kinds[i].says;
	return NULL;
}

const char *file_kind_describe(const void *begin, size_t bytes)
{
	const char *known = file_kind_known(begin, bytes);

	if (known)
		return known;
	if (!bytes)
		return "it is empty: nothing was recorded into it";
	return "not a vmprof trace; 'vmprof record' makes one";
}
