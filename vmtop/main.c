/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmtop: machines or a trace, in a live view, printed or served.
 */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "vmtop/batch/batch.h"
#include "vmtop/options/options.h"
#include "vmtop/serve/serve.h"
#include "vmtop/screen/terminal.h"
#include "vmtop/screen/view.h"
#include "vmtop/table/column.h"
#include "vmtop/table/panel.h"
#include "vmtop/watch/watch.h"

/* For the test of the man page, and for nobody else. */
static int rows_list(void)
{
	help_list();
	for (size_t i = 0; i < PANELS; i++)
		printf("panel\t%c\t%s\n", panels[i]->key, panels[i]->title);
	for (const struct column *c = columns; c->name; c++)
		printf("column\t%s\t%s\t%s\n", c->name, c->heading, c->help);
	return CMD_DONE;
}

static int run(struct watch *w, const struct options *o)
{
	int err;

	if (o->list_rows)
		return rows_list();
	if (o->serve)
		return serve_run(w, o);
	if (!o->batch && !terminal_possible())
		return CMD_ERROR;
	watch_sort_by(w, o->key, o->keys);
	if (o->replay)
		err = watch_replay(w, o->replay, o->seek_s);
	else
		err = watch_machines(w, o->names, o->names_count);
	if (err) {
		cmd_error("%s", *watch_error(w) ? watch_error(w) :
			    strerror(-err));
		return CMD_ERROR;
	}
	return o->batch ? batch_run(w, o) : view_run(w, o);
}

int main(int argc, char **argv)
{
	struct options o;
	struct watch *w;
	int status;

	cmd_begin();
	/* what the terminal can show; numbers stay as they are everywhere */
	setlocale(LC_CTYPE, "");
	status = options_parse(&o, argc, argv);
	if (status)
		return status;
	w = watch_new();
	if (!w) {
		cmd_error("out of memory");
		return CMD_ERROR;
	}
	status = run(w, &o);
	watch_free(w);
	return cmd_end(status);
}
