# SPDX-License-Identifier: BSD-2-Clause
core-y += vmm-core/pv/pv_eoi.o
core-y += vmm-core/pv/pvclock.o
