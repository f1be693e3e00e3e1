# SPDX-License-Identifier: BSD-2-Clause
libvmtrace-y += tracer/foreign/kvm_formats.o
libvmtrace-y += tracer/foreign/perf_file.o
libvmtrace-y += tracer/foreign/perf_sample.o
libvmtrace-y += tracer/foreign/perf_unpack.o
libvmtrace-y += tracer/foreign/time_order.o
libvmtrace-y += tracer/foreign/xen_records.o
