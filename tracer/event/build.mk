# SPDX-License-Identifier: BSD-2-Clause
libvmtrace-y += tracer/event/device_map.o
libvmtrace-y += tracer/event/origin.o
libvmtrace-y += tracer/event/event_check.o
libvmtrace-y += tracer/event/event_names.o
libvmtrace-y += tracer/event/exit_decode.o
libvmtrace-y += tracer/event/trace_damage.o
