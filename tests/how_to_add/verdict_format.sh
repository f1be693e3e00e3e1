# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# HACKING.md, "A format of exit-analyzer check": --format word, the outcome.
cat > exit-analyzer/format/format_word.c << 'END'
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A verdict in a word.
 */
#include "exit-analyzer/format/formats.h"

void verdict_print_word(FILE *to, const struct verdict *v, const char *baseline)
{
	fprintf(to, "%s: %s\n", baseline, verdict_outcome(v));
}
END
echo 'libexit-y += exit-analyzer/format/format_word.o' \
	>> exit-analyzer/format/build.mk
sed -i '/^FORMAT(gitlab)/a FORMAT(word)' exit-analyzer/format/formats.def
sed -i '/^\.Cm github ,/i .Cm word ,\nthe outcome in a word;' \
	man/exit-analyzer-check.1
mkdir tests/golden/exit-analyzer/check-in-a-word
cat > tests/golden/exit-analyzer/check-in-a-word/cmd << 'END'
cp "$(dirname "$0")/../check-names-functions/old.json" a.json
exit-analyzer check --baseline a.json a.json --format word
END
