# SPDX-License-Identifier: BSD-2-Clause
# All but the screen is a library, so that tests can look inside.
vmtop-y += vmtop/main.o
