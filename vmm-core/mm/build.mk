# SPDX-License-Identifier: BSD-2-Clause
core-y += vmm-core/mm/mm.o
core-y += vmm-core/mm/paging.o
core-y += vmm-core/mm/radix.o
