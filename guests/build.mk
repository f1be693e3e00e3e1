# SPDX-License-Identifier: BSD-2-Clause
# Guests that measure exits: built as the core is, run by the core or by any
# other hypervisor. runtime/ is every small guest's, tests' too.
bench_objs := $(addprefix $(O)/core/guests/,\
	$(addprefix runtime/,boot.o guest.o loader.o acpi.o apic.o ap.o \
		second_cpu.o) \
	$(addprefix exit-bench/,exit_bench.o rows_cpu.o rows_io.o rows_irq.o \
		rows_memory.o rows_smp.o virtio.o virtio_pci.o))
boot_pvh := $(O)/core/guests/runtime/boot_pvh.o

bench_link = $(CC) $(core_ldflags) -Wl,--build-id=none \
	-T guests/runtime/guest.lds

$(O)/exit-bench.elf: $(bench_objs) guests/runtime/guest.lds $(lists)
	$(call say,GUEST,$@)
	$(Q)$(bench_link) -o $@64 $(filter %.o,$^)
	$(Q)objcopy -O elf32-i386 $@64 $@

# The same without a multiboot header: a loader that knows both (QEMU) prefers
# multiboot, and would not take it as a 64-bit ELF.
$(boot_pvh): $(O)/core/guests/runtime/boot.o
	$(Q)objcopy --remove-section .multiboot $< $@

$(O)/exit-bench-pvh.elf: $(boot_pvh) $(bench_objs) guests/runtime/guest.lds \
		$(lists)
	$(call say,GUEST,$@)
	$(Q)$(bench_link) -o $@ $(filter-out %/boot.o,$(filter %.o,$^))

bench-guest: $(O)/exit-bench.elf $(O)/exit-bench-pvh.elf
all: bench-guest
-include $(bench_objs:.o=.d)

.PHONY: bench-guest
