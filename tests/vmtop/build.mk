# SPDX-License-Identifier: BSD-2-Clause
# Something to attach to that needs no emulator.

fake_machine := $(O)/tests/vmtop/fake_machine
test_objs += $(fake_machine).o

$(fake_machine): %: %.o $(test_libs)
	$(call say,LD,$@)
	$(Q)$(CC) $(ldflags) -o $@ $^ $(ldlibs)

unit-programs bench-programs: $(fake_machine)
