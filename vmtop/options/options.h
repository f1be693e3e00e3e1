/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmtop's command line, taken apart.
 */
#ifndef VMTOP_OPTIONS_OPTIONS_H
#define VMTOP_OPTIONS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "exit-analyzer/stats/key.h"
#include "vmtop/options/listen.h"

/* Of -b: FORMAT_text, ... */
enum {
#define FORMAT(name) FORMAT_##name,
#include "vmtop/options/formats.def"
	FORMATS
};

struct options {
	char **names;		/* of machines; count 0: all */
	size_t names_count;
	bool batch;
	bool once;
	unsigned long intervals;	/* 0: no end */
	double delay_s;
	const char *delay_given;	/* NULL: it was not */
	size_t format;
	const char *format_given;	/* NULL: it was not */
	enum key key[KEYS];
	int keys;		/* 0: no --sort */
	const char *replay;	/* NULL: machines */
	double speed;		/* of a replay; 0: as fast as possible */
	double seek_s;
	bool list_rows;		/* print keys, panels and columns */
	bool serve;
	struct listen_address listen;
};

/* 0, or CMD_USAGE having said why. --help and --version end the program. */
int options_parse(struct options *o, int argc, char **argv);

#endif
