# SPDX-License-Identifier: BSD-2-Clause
# Tests: every tests/unit/*_test.c, tests/bench/*_bench.c, tests/fuzz/*_fuzz.c
# is a program, every tests/guest/*_guest.c a guest. tests/run runs them.

test_libs := $(patsubst %,$(O)/%.a,libvmtop $(vmprof_libs))

unit_programs := $(patsubst %.c,$(O)/%,$(wildcard tests/unit/*_test.c))
bench_programs := $(patsubst %.c,$(O)/%,$(wildcard tests/bench/*_bench.c))
fuzz_programs := $(patsubst %.c,$(O)/%,$(wildcard tests/fuzz/*_fuzz.c))
test_objs += $(addsuffix .o,$(unit_programs) $(bench_programs) $(fuzz_programs))
test_objs += $(O)/tests/fuzz/fuzz_seeds.o $(O)/tests/guest/symbols_dump.o

$(unit_programs): %: %.o $(test_libs)
	$(call say,LD,$@)
	$(Q)$(CC) $(ldflags) -o $@ $^ -lcmocka -lZydis $(ldlibs)

$(bench_programs): %: %.o $(test_libs)
	$(call say,LD,$@)
	$(Q)$(CC) $(ldflags) -o $@ $^ $(ldlibs)

# what reads hostile bytes is in the tracer, or of the core and included
$(fuzz_programs): %: %.o $(O)/libvmtrace.a
	$(call say,LD,$@)
	$(Q)$(CC) $(ldflags) -fsanitize=fuzzer -o $@ $^ -lZydis $(ldlibs)

# Looks into traces for the system tests.
facts_program := $(O)/tests/system/trace_facts
test_objs += $(facts_program).o
$(facts_program): %: %.o $(test_libs)
	$(call say,LD,$@)
	$(Q)$(CC) $(ldflags) -o $@ $^ $(ldlibs)

unit-programs: $(unit_programs)
bench-programs: $(bench_programs)
fuzz-programs: $(fuzz_programs)

# The hosted half once more, with the sanitizers on: unit and golden tests
# run that one. The fuzzers need clang and their own instrumentation.
san-programs:
	$(Q)$(MAKE) --no-print-directory O=$(O)/san SAN=address,undefined \
		unit-programs tools
fuzzers:
	$(Q)$(MAKE) --no-print-directory O=$(O)/fuzz CC=clang \
		SAN=fuzzer-no-link,address,undefined fuzz-programs

# Guests: freestanding, 64-bit inside, multiboot1 outside (as the core is).
guest_names := $(patsubst tests/guest/%.c,%,$(wildcard tests/guest/*_guest.c))
guests := $(patsubst %_guest,$(O)/tests/guest/%.elf,$(guest_names))
guest_common := $(O)/core/guests/runtime/boot.o $(O)/core/guests/runtime/guest.o
test_objs += $(guest_common) $(patsubst %,$(O)/core/tests/guest/%.o,$(guest_names))

$(O)/tests/guest/%.elf: $(O)/core/tests/guest/%_guest.o $(guest_common) \
		guests/runtime/guest.lds
	$(call say,GUEST,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(core_ldflags) -Wl,--build-id=none -T guests/runtime/guest.lds -o $@64 \
		$(filter %.o,$^)
	$(Q)objcopy -O elf32-i386 $@64 $@

# Runs inside a stock Linux guest: says what only the guest can know.
$(O)/tests/guest/hv-tool: tests/guest/linux/hv-tool.c $(stamp)
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -O2 -I. $(warnings) -static -o $@ $<

guests: $(guests) $(O)/tests/guest/hv-tool

# make check [SUITES="unit golden ..."]
check-programs: all san-programs fuzzers guests $(facts_program)
check: check-programs
	$(Q)O=$(O) tests/run $(SUITES)
check-long: check-programs
	$(Q)O=$(O) LONG=1 tests/run $(SUITES)
unit: san-programs
	$(Q)O=$(O) tests/run unit
fuzz: fuzzers
	$(Q)O=$(O) LONG=1 tests/run fuzz
bench: all bench-programs guests $(facts_program)
	$(Q)scripts/fetch-kernel $(O)/guest
	$(Q)scripts/mkinitramfs $(O)/tests/guest/hv-tool $(O)/guest
	$(Q)O=$(O) tests/bench/run

.PHONY: unit-programs bench-programs fuzz-programs san-programs fuzzers \
	guests check-programs check check-long unit fuzz bench
