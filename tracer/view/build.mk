# SPDX-License-Identifier: BSD-2-Clause
libvmtrace-y += tracer/view/machine_view.o
