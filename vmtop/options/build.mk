# SPDX-License-Identifier: BSD-2-Clause
libvmtop-y += vmtop/options/options.o
libvmtop-y += vmtop/options/listen.o
