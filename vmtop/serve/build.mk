# SPDX-License-Identifier: BSD-2-Clause
libvmtop-y += vmtop/serve/metrics.o
libvmtop-y += vmtop/serve/openmetrics.o
libvmtop-y += vmtop/serve/listen.o
vmtop-y += vmtop/serve/serve.o
