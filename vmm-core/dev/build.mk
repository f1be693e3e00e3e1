# SPDX-License-Identifier: BSD-2-Clause
core-y += vmm-core/dev/bus.o
