# SPDX-License-Identifier: BSD-2-Clause
# The maker of the traces that golden tests read.

make_trace := $(O)/tests/golden/make_trace
test_objs += $(make_trace).o

$(make_trace): %: %.o $(test_libs)
	$(call say,LD,$@)
	$(Q)$(CC) $(ldflags) -o $@ $^ $(ldlibs)

# it comes with every build that golden tests can use
unit-programs: $(make_trace)
# and system tests read a large one
check-programs: $(make_trace)
