# SPDX-License-Identifier: BSD-2-Clause
libvmtop-y += vmtop/watch/guest_symbols.o
libvmtop-y += vmtop/watch/symbol_loader.o
libvmtop-y += vmtop/watch/target.o
libvmtop-y += vmtop/watch/watch.o
libvmtop-y += vmtop/watch/recording.o
