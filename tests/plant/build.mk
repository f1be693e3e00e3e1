# SPDX-License-Identifier: BSD-2-Clause
# Cores, and an exit-bench, with something planted in them: the real one's
# objects, linked again with one function wrapped.
slow_core := $(O)/tests/plant/vmm-core.elf
crawling_core := $(O)/tests/plant/crawls.elf
dying_core := $(O)/tests/plant/dies.elf
slow_object := $(O)/core/tests/plant/slow_hypercall.o
stubborn_bench := $(O)/tests/plant/exit-bench.elf
stubborn_object := $(O)/core/tests/plant/stubborn_cpu.o
vcpu_ops_core := $(O)/tests/plant/vcpu_ops.elf
vcpu_ops_object := $(O)/core/tests/plant/vcpu_ops.o
dying_object := $(O)/core/tests/plant/dies_at_string_io.o

comma := ,
plant_link = $(CC) $(core_ldflags) $(addprefix -Wl$(comma)--wrap=,$(1)) -T vmm-core/boot/core.lds \
	-o $@64 $(core_objs) $(2) && objcopy -O elf32-i386 $@64 $@

$(slow_core): $(slow_object) $(O)/vmm-core64.elf
	$(call say,PLANT,$@)
	@mkdir -p $(@D)
	$(Q)$(call plant_link,svm_fast_hypercall,$(slow_object) \
		-Wl$(comma)--defsym=planted_rounds=100)

# Slower by more than any noise.
$(crawling_core): $(slow_object) $(O)/vmm-core64.elf
	$(call say,PLANT,$@)
	@mkdir -p $(@D)
	$(Q)$(call plant_link,svm_fast_hypercall,$(slow_object) \
		-Wl$(comma)--defsym=planted_rounds=20000)

$(dying_core): $(dying_object) $(O)/vmm-core64.elf
	$(call say,PLANT,$@)
	@mkdir -p $(@D)
	$(Q)$(call plant_link,handle_io,$(dying_object))

$(vcpu_ops_core): $(vcpu_ops_object) $(O)/vmm-core64.elf
	$(call say,PLANT,$@)
	@mkdir -p $(@D)
	$(Q)$(call plant_link,handle_hypercall handle_npf,$(vcpu_ops_object))

$(stubborn_bench): $(stubborn_object) $(O)/exit-bench.elf
	$(call say,PLANT,$@)
	@mkdir -p $(@D)
	$(Q)$(bench_link) -Wl,--wrap=guest_apic_send -o $@64 $(bench_objs) \
		$(stubborn_object) && objcopy -O elf32-i386 $@64 $@

guests: $(slow_core) $(crawling_core) $(dying_core) $(vcpu_ops_core) \
	$(stubborn_bench)
test_objs += $(slow_object) $(dying_object) $(vcpu_ops_object) \
	$(stubborn_object)
