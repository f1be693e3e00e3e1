# SPDX-License-Identifier: BSD-2-Clause
core-y += vmm-core/guest/acpi.o
core-y += vmm-core/guest/bzimage.o
core-y += vmm-core/guest/dsdt_aml.o
core-y += vmm-core/guest/layout.o
core-y += vmm-core/guest/load.o
core-y += vmm-core/guest/multiboot.o

dsdt_aml := $(O)/core/vmm-core/guest/dsdt.aml
$(O)/core/vmm-core/guest/dsdt_aml.o: $(dsdt_aml)
$(O)/core/vmm-core/guest/dsdt_aml.o: core_cflags += -DDSDT_AML='"$(dsdt_aml)"'
