# SPDX-License-Identifier: BSD-2-Clause
libvmtrace-y += tracer/file/checksum.o
libvmtrace-y += tracer/file/file_kind.o
libvmtrace-y += tracer/file/reader.o
libvmtrace-y += tracer/file/resync.o
libvmtrace-y += tracer/file/seekable.o
libvmtrace-y += tracer/file/trace_name.o
libvmtrace-y += tracer/file/writer.o
