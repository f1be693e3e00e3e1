/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzes the core's instruction decoder, with Zydis as the oracle: the mode
 * of the code, then its bytes.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"
#include "tests/insn_oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static const u8 modes[] = { 16, 32, 64 };
	const char *differs;
	size_t count = bytes - 1;
	u8 *code;
	bool ours;

	if (!bytes)
		return 0;
	if (count > INSN_BYTES_MAX)
		count = INSN_BYTES_MAX;
	/* exactly as large, for the sanitizer */
	code = malloc(count ? count : 1);
	if (!code)
		abort();
	memcpy(code, data + 1, count);
	differs = oracle_differs(code, count, modes[data[0] % 3], &ours);
	if (differs) {
		fprintf(stderr, "%s differs\n", differs);
		abort();
	}
	free(code);
	return 0;
}
