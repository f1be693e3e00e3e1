# SPDX-License-Identifier: BSD-2-Clause
libvmtrace-y += tracer/event_names.o
libvmtrace-y += tracer/device_map.o
libvmtrace-y += tracer/process_map.o
