# SPDX-License-Identifier: BSD-2-Clause
libvmtrace-y += tracer/symbol/symtab.o
libvmtrace-y += tracer/symbol/process_map.o
libvmtrace-y += tracer/symbol/guest.o
