/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The formats there are.
 */
#include "reports/report.h"

const struct report_format report_formats[] = {
	{ "text", report_print_text, false },
	{ "csv", report_print_csv, true },
	{ "json", report_print_json, true },
	{ NULL },
};
