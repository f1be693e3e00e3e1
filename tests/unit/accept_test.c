/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A request's Accept headers: what they choose, and what they exclude.
 */
#include "vmtop/serve/accept.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define OPENMETRICS	"application/openmetrics-text"

enum { TEXT, OPEN, NEITHER = -1 };

struct row {
	const char *header[3];	/* those before NULL are sent */
	int chosen;
};

static const struct row rows[] = {
	/* nothing is asked for, or nothing that can be read */
	{ { NULL }, TEXT },
	{ { "" }, TEXT },
	{ { " , ,, " }, TEXT },
	{ { "garbage" }, TEXT },
	{ { "*/*;q=x" }, TEXT },
	{ { OPENMETRICS ";q=1.5" }, TEXT },
	{ { OPENMETRICS ";q=0.1234" }, TEXT },
	{ { OPENMETRICS ";q=-1" }, TEXT },
	{ { OPENMETRICS ";q=" }, TEXT },
	{ { OPENMETRICS ";q=01" }, TEXT },

	/* types and wildcards */
	{ { "*/*" }, TEXT },
	{ { "text/*" }, TEXT },
	{ { "application/*" }, OPEN },
	{ { "text/plain" }, TEXT },
	{ { OPENMETRICS }, OPEN },
	{ { "Application/OpenMetrics-Text" }, OPEN },
	{ { "text/html" }, NEITHER },
	{ { "text/html, */*;q=0.8" }, TEXT },
	{ { "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" },
	  TEXT },
	{ { "application/openmetrics-textual" }, NEITHER },
	{ { "x" OPENMETRICS }, NEITHER },
	{ { "*/plain" }, NEITHER },

	/* weights */
	{ { OPENMETRICS ";q=0.5, text/plain" }, TEXT },
	{ { "text/plain;q=0.5," OPENMETRICS }, OPEN },
	{ { "text/plain;q=0.998," OPENMETRICS ";q=0.999" }, OPEN },
	{ { "text/plain;q=0.999," OPENMETRICS ";q=1.000" }, OPEN },
	{ { "text/plain ; Q=0.1 ,\t" OPENMETRICS " ; q=0.2" }, OPEN },

	/* 0 excludes */
	{ { OPENMETRICS ";q=0" }, NEITHER },
	{ { OPENMETRICS ";q=0, text/plain;q=0.1" }, TEXT },
	{ { OPENMETRICS ";q=0.000, */*" }, TEXT },
	{ { "text/plain;q=0, */*;q=0.1" }, OPEN },
	{ { "*/*;q=0" }, NEITHER },
	{ { "*/*;q=0, " OPENMETRICS ";q=0.1" }, OPEN },
	{ { "text/*;q=0, */*" }, OPEN },
	{ { "text/*;q=0, text/plain;q=0.2" }, TEXT },

	/* what is more exact decides, wherever it stands */
	{ { "*/*, text/plain;q=0.1" }, OPEN },
	{ { "text/plain;q=0.1, */*" }, OPEN },
	{ { "application/*;q=0.1, text/*;q=0.2, " OPENMETRICS ";q=0.3" }, OPEN },
	{ { "text/plain;version=0.0.4;q=0.1, text/plain," OPENMETRICS ";q=0.5" },
	  OPEN },

	/* of equals the one that was asked for by name, then the first */
	{ { OPENMETRICS ", text/plain" }, OPEN },
	{ { "text/plain, " OPENMETRICS }, TEXT },
	{ { "*/*, " OPENMETRICS }, OPEN },
	{ { OPENMETRICS ", */*" }, OPEN },

	/* parameters */
	{ { OPENMETRICS ";version=1.0.0" }, OPEN },
	{ { OPENMETRICS "; version = \"1.0.0\" ; charset=UTF-8" }, OPEN },
	{ { OPENMETRICS ";version=0.0.1" }, NEITHER },
	{ { OPENMETRICS ";version=0.0.1,text/plain;q=0.1" }, TEXT },
	{ { OPENMETRICS ";version=0.0.1;q=0.9," OPENMETRICS
	    ";version=1.0.0;q=0.1" }, OPEN },
	{ { "text/plain;version=1.0.0" }, NEITHER },
	{ { "text/plain;charset=latin1" }, NEITHER },
	{ { OPENMETRICS ";version=1.0.0;escaping=allow-utf-8" }, OPEN },
	{ { OPENMETRICS ";x=\"a,b;q=0\\\";q=0\"" }, OPEN },
	{ { OPENMETRICS ";x=\"never ends, text/plain" }, OPEN },
	{ { OPENMETRICS ";q=0.5;version=0.0.1" }, OPEN },

	/* as Prometheus asks, the old one and the new one */
	{ { OPENMETRICS ";version=1.0.0," OPENMETRICS ";version=0.0.1;q=0.75,"
	    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1" }, OPEN },
	{ { OPENMETRICS ";version=1.0.0;escaping=allow-utf-8;q=0.6,"
	    OPENMETRICS ";version=0.0.1;q=0.5,"
	    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
	    "text/plain;version=0.0.4;q=0.3,*/*;q=0.2" }, OPEN },
	{ { "application/vnd.google.protobuf;proto=x;q=0.7,"
	    "text/plain;version=0.0.4;q=0.3" }, TEXT },

	/* several headers are one list */
	{ { "text/plain;q=0.5", OPENMETRICS }, OPEN },
	{ { OPENMETRICS, "text/plain" }, OPEN },
	{ { "*/*", OPENMETRICS ";q=0" }, TEXT },
};

static void headers_choose(void **state)
{
	unsigned int failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct accept_offer offer[] = {
			[TEXT] = { .type = "text/plain; version=0.0.4; "
				   "charset=utf-8" },
			[OPEN] = { .type = OPENMETRICS "; version=1.0.0; "
				   "charset=utf-8" },
		};
		struct accept a;
		int chosen;

		accept_begin(&a, offer, 2);
		for (size_t h = 0; rows[i].header[h]; h++)
			accept_header(&a, rows[i].header[h]);
		chosen = accept_choose(&a);
		if (chosen == rows[i].chosen)
			continue;
		print_message("'%s': %d, not %d\n", rows[i].header[0], chosen,
			      rows[i].chosen);
		failed++;
	}
	assert_int_equal(failed, 0);
}

/* Every beginning of a header is one, too. */
static void cut_headers_are_harmless(void **state)
{
	const char *whole = OPENMETRICS ";version=\"1.0.\\0\";q=0.5, */*;q=0.1";
	size_t bytes = strlen(whole);

	(void)state;
	for (size_t n = 0; n <= bytes; n++) {
		struct accept_offer offer[] = { { .type = "text/plain" } };
		struct accept a;
		char *cut = strndup(whole, n);

		assert_non_null(cut);
		accept_begin(&a, offer, 1);
		accept_header(&a, cut);
		assert_in_range(accept_choose(&a) + 1, 0, 1);
		free(cut);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_choose),
		cmocka_unit_test(cut_headers_are_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
