/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The formats there are.
 */
#include "reports/report.h"
#include "reports/script.h"

const struct report_format report_formats[] = {
	{ "text", report_print_text, 0 },
	{ "csv", report_print_csv, REPORT_ONE_TABLE | REPORT_ROWS_ONLY },
	{ "json", report_print_json, REPORT_ONE_TABLE },
	{ .name = NULL },
};

const struct script_format script_formats[] = {
	{ "text", NULL, script_text_event },
	{ "csv", script_csv_begin, script_csv_event },
	{ "json-lines", NULL, script_json_event },
	{ .name = NULL },
};
