# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# HACKING.md, "A format": vmprof report --format tally, the number of tables.
cat > reports/tally.c << 'END'
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much there is to print.
 */
#include "reports/report.h"

int report_print_tally(FILE *to, const struct report *report)
{
	fprintf(to, "%zu tables\n", report->exits_count);
	return 0;
}
END
sed -i '/^int report_print_csv/a int report_print_tally(FILE *to, const struct report *report);' \
	reports/report.h
sed -i '/"csv", report_print_csv/a \	{ "tally", report_print_tally, 0 },' \
	reports/formats.c
echo 'libreports-y += reports/tally.o' >> reports/build.mk
sed -i '/^\.It Fl -format/a .Cm tally ,\nthe number of tables,' \
	man/vmprof-report.1
mkdir tests/golden/report/tally-counts-tables
echo 'vmprof report -i svm.data --format tally' \
	> tests/golden/report/tally-counts-tables/cmd
