# SPDX-License-Identifier: BSD-2-Clause
# Guests that measure exits: built as the core is, run by the core or by any
# other hypervisor. guest.c and boot.S are every small guest's, tests' too.
bench_objs := $(addprefix $(O)/core/vmm-core/bench/,boot.o guest.o \
	exit_bench.o rows_cpu.o rows_io.o rows_irq.o rows_memory.o acpi.o \
	apic.o)

$(O)/exit-bench.elf: $(bench_objs) vmm-core/bench/guest.lds
	$(call say,GUEST,$@)
	$(Q)$(CC) $(core_ldflags) -Wl,--build-id=none \
		-T vmm-core/bench/guest.lds -o $@64 $(filter %.o,$^)
	$(Q)objcopy -O elf32-i386 $@64 $@

bench-guest: $(O)/exit-bench.elf
all: bench-guest
-include $(bench_objs:.o=.d)

.PHONY: bench-guest
