# SPDX-License-Identifier: BSD-2-Clause
libvmtrace-y += tracer/source/file_chunks.o
libvmtrace-y += tracer/source/file_gaps.o
libvmtrace-y += tracer/source/file_names.o
libvmtrace-y += tracer/source/file_source.o
libvmtrace-y += tracer/source/ring_reader.o
libvmtrace-y += tracer/source/ring_source.o
libvmtrace-y += tracer/source/source.o
