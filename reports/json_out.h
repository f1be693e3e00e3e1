/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON out as it is made, so that a result of any size needs no memory: two
 * spaces a level, a member or an element a line. Errors stay in the stream's
 * state.
 */
#ifndef REPORTS_JSON_OUT_H
#define REPORTS_JSON_OUT_H

#include <stdbool.h>

#include "reports/out.h"

struct json_out {
	struct out out;
	/* Private Part */
	unsigned int level;
	bool empty;		/* nothing is in the innermost one yet */
};

void json_out_init(struct json_out *j, FILE *to);
/* Ends the line and writes what is left. */
void json_out_flush(struct json_out *j);

/*
 * The name of a member of an object, or NULL for an element of an array and
 * for the whole text, is first; then its value. Names are our own.
 */
void json_out_object(struct json_out *j, const char *name);
void json_out_object_end(struct json_out *j);
void json_out_array(struct json_out *j, const char *name);
void json_out_array_end(struct json_out *j);
/* A text of any number that is above what JSON readers promise to keep. */
void json_out_number(struct json_out *j, const char *name, uint64_t n);
void json_out_hex(struct json_out *j, const char *name, uint64_t n);
void json_out_bool(struct json_out *j, const char *name, bool value);
void json_out_null(struct json_out *j, const char *name);
/* Printable ASCII; quotes and backslashes are escaped. */
void json_out_text(struct json_out *j, const char *name, const char *text);

#endif
