# SPDX-License-Identifier: BSD-2-Clause
# All but the screen is a library, so that tests can look inside.
libvmtop-y += vmtop/options.o
vmtop-y += vmtop/main.o
