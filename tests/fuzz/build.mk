# SPDX-License-Identifier: BSD-2-Clause
# make fuzz-seeds writes the seed corpora anew.
fuzz_seeds := $(O)/tests/fuzz/fuzz_seeds

$(fuzz_seeds): $(fuzz_seeds).o $(O)/libvmtrace.a
	$(call say,LD,$@)
	$(Q)$(CC) $(ldflags) -o $@ $^ $(ldlibs)

fuzz-seeds: $(fuzz_seeds)
	$(Q)$(fuzz_seeds) tests/fuzz/corpus

.PHONY: fuzz-seeds
