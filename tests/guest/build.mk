# SPDX-License-Identifier: BSD-2-Clause
# A hosted helper of the system tests: a guest's symbols, from its RAM file.
$(O)/tests/guest/symbols_dump: $(O)/tests/guest/symbols_dump.o $(O)/libvmtrace.a
	$(call say,LD,$@)
	$(Q)$(CC) $(ldflags) -o $@ $^ $(ldlibs)

# these speak to their APIC as exit-bench does
$(patsubst %,$(O)/tests/guest/%.elf,broken_off halt init irqs nmi wakeup): \
	$(O)/core/guests/runtime/apic.o

guests: $(O)/tests/guest/symbols_dump
