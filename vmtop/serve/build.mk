# SPDX-License-Identifier: BSD-2-Clause
libvmtop-y += vmtop/serve/metrics.o
libvmtop-y += vmtop/serve/openmetrics.o
libvmtop-y += vmtop/serve/accept.o
vmtop-y += vmtop/serve/serve.o
