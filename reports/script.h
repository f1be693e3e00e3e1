/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records out, one by one: a line each in every format. script_text.c is for
 * people, script_csv.c and script_json.c are for programs.
 *
 * To add a column, add its row in script_columns.def, and one for every kind
 * of record that has it in script_fields.c.
 */
#ifndef REPORTS_SCRIPT_H
#define REPORTS_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "exit-analyzer/stats/key.h"
#include "reports/out.h"
#include "vmm-core/abi/trace_file.h"

enum script_column {
#define SCRIPT_COLUMN(NAME, name, label, help) SCRIPT_COLUMN_##NAME,
#include "reports/script_columns.def"
	SCRIPT_COLUMNS
};

enum script_field_kind {
	SCRIPT_END = 0,		/* of an array of fields */
	SCRIPT_DEC,
	SCRIPT_HEX,
	SCRIPT_CPU,		/* not in the record */
	SCRIPT_TIME,
	SCRIPT_EVENT,
	SCRIPT_REASON,
	SCRIPT_RAW_NAME,
	SCRIPT_SYM,
	SCRIPT_PROCESS,
	SCRIPT_PID,
	SCRIPT_DEVICE,
	SCRIPT_LOW_HALF,	/* of a byte */
	SCRIPT_CPL,
	SCRIPT_ADDRESSES,	/* of a call chain */
	SCRIPT_CAUSE,
	SCRIPT_SCOPE,
	SCRIPT_HYPERCALL,
	SCRIPT_STATE,
};

/* Where a column is in one kind of record. */
struct script_field {
	enum script_column column;
	enum script_field_kind kind;
	uint16_t offset, bytes;
	uint8_t known;		/* EVENT_KNOWN_ that it needs, 0: none */
};

struct script {
	struct out out;
	const struct origin *origin;
	struct key_context *context;	/* symbols, processes; borrowed */
	/* -F; text has a choice of its own without it */
	bool chosen[SCRIPT_COLUMNS];
	bool any_chosen;
};

struct script_format {
	const char *name;
	void (*begin)(struct script *s);	/* or NULL */
	void (*event)(struct script *s, const struct event_header *ev,
		      unsigned int cpu);
};

/* Ends with a row whose name is NULL; the first is the default. */
extern const struct script_format script_formats[];

const char *script_column_name(enum script_column column);
const char *script_column_label(enum script_column column);
const char *script_column_help(enum script_column column);
/* "rip,sym" into chosen. 0, or -EINVAL and the unknown one in *bad. */
int script_choose(struct script *s, const char *list, char *bad,
		  size_t bad_bytes);

/* For the formats. */
/* The fields of a kind of record, SCRIPT_END behind them. Never NULL. */
const struct script_field *script_fields(unsigned int id);
bool script_field_is_number(const struct script_field *f);
/* Whether JSON has it as a text: also a number that its readers would change. */
bool script_field_is_text(const struct script *s, const struct script_field *f,
			  const struct event_header *ev);
void script_text_event(struct script *s, const struct event_header *ev,
		       unsigned int cpu);
void script_csv_begin(struct script *s);
void script_csv_event(struct script *s, const struct event_header *ev,
		      unsigned int cpu);
void script_json_event(struct script *s, const struct event_header *ev,
		       unsigned int cpu);
/* Whether it is known what the field says. */
bool script_field_known(const struct script *s, const struct script_field *f,
			const struct event_header *ev);
/* Without quotes; nothing where the record has no value. */
void script_field_print(struct script *s, const struct script_field *f,
			const struct event_header *ev, unsigned int cpu);
/* "function+0x12 [module]", "[user]" or "[unknown]". */
void script_symbol_print(struct script *s, const struct event_header *ev,
			 uint64_t rip);
/* The same of an address of the kernel. */
void script_address_print(struct script *s, unsigned int vm, uint64_t address);
/* In words after a blank, as far as the reason gives it meaning. */
void script_detail_print(struct out *o, unsigned int reason, uint64_t detail);
uint64_t script_time_ns(const struct script *s, uint64_t tsc);

#endif
