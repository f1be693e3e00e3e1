# SPDX-License-Identifier: BSD-2-Clause
core-y += vmm-core/lib/console.o
core-y += vmm-core/lib/div128.o
core-y += vmm-core/lib/parse.o
core-y += vmm-core/lib/printk.o
core-y += vmm-core/lib/stop.o
core-y += vmm-core/lib/string.o
core-y += vmm-core/lib/vsnprintk.o
