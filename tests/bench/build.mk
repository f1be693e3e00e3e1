# SPDX-License-Identifier: BSD-2-Clause
# The code that ring_bench measures is compiled as the core is.
$(O)/tests/bench/ring_bench: $(O)/core/tests/bench/ring_code.o
-include $(O)/core/tests/bench/ring_code.d
