/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The database of results.
 */
#include "exit-analyzer/result/history.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "exit-analyzer/result/fact_rules.h"

/* the column `machine` has the facts of the machine, as machine_text() makes
 * them; machine_key() is what of them must be equal in a series */
static const char schema[] =
	"CREATE TABLE IF NOT EXISTS run (id INTEGER PRIMARY KEY,"
	" added TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,"
	" label TEXT NOT NULL, build_id TEXT NOT NULL,"
	" machine TEXT NOT NULL, deterministic INTEGER NOT NULL);"
	"CREATE TABLE IF NOT EXISTS cost (run INTEGER NOT NULL"
	" REFERENCES run(id), name TEXT NOT NULL, cost_ticks INTEGER NOT NULL,"
	" PRIMARY KEY (run, name));";

struct history {
	sqlite3 *db;
};

/* Prints one fact's deciding part. line: NAME=VALUE. */
static void fact_key_print(FILE *to, char *line)
{
	char *value = strchr(line, '=');
	char part[1024];

	if (!value)
		return;
	*value++ = '\0';
	if (fact_weight(line, true) != FACT_DECIDES)
		return;
	fact_decisive(line, value, part, sizeof(part));
	fprintf(to, "%s=%s\n", line, part);
}

/* The SQL function machine_key(machine). */
static void machine_key(sqlite3_context *context, int count,
			sqlite3_value **value)
{
	const char *machine = (const char *)sqlite3_value_text(value[0]);
	char *copy = strdup(machine ? machine : ""), *key = NULL, *rest;
	size_t bytes;
	FILE *to = open_memstream(&key, &bytes);

	(void)count;
	rest = copy;
	for (char *line; to && copy && (line = strsep(&rest, "\n"));)
		fact_key_print(to, line);
	if (!to || fclose(to) || !copy)
		sqlite3_result_error_nomem(context);
	else
		sqlite3_result_text(context, key, -1, SQLITE_TRANSIENT);
	free(key);
	free(copy);
}

static bool database_open(struct history *h, const char *path, int flags)
{
	return sqlite3_open_v2(path, &h->db, flags, NULL) == SQLITE_OK &&
	       sqlite3_create_function(h->db, "machine_key", 1,
				       SQLITE_UTF8 | SQLITE_DETERMINISTIC,
				       NULL, machine_key, NULL, NULL) ==
	       SQLITE_OK &&
	       sqlite3_exec(h->db, schema, NULL, NULL, NULL) == SQLITE_OK;
}

struct history *history_open(const char *path, bool create, char *why,
			     size_t bytes)
{
	int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
	struct history *h = calloc(1, sizeof(*h));

	if (!h) {
		snprintf(why, bytes, "out of memory");
		return NULL;
	}
	if (database_open(h, path, flags))
		return h;
	snprintf(why, bytes, "%s: %s", path, sqlite3_errmsg(h->db));
	history_close(h);
	return NULL;
}

void history_close(struct history *h)
{
	if (h)
		sqlite3_close(h->db);
	free(h);
}

const char *history_error(const struct history *h)
{
	return sqlite3_errmsg(h->db);
}

/* The facts of the machine as one text; caller frees. */
static char *machine_text(const struct result *r)
{
	char *text = NULL;
	size_t bytes;
	FILE *to = open_memstream(&text, &bytes);

	for (size_t i = 0; to && i < r->machine.count; i++)
		fprintf(to, "%s=%s\n", r->machine.fact[i].name,
			r->machine.fact[i].value);
	if (!to || fclose(to)) {
		free(text);
		return NULL;
	}
	return text;
}

static sqlite3_stmt *prepare(struct history *h, const char *sql)
{
	sqlite3_stmt *s = NULL;

	sqlite3_prepare_v2(h->db, sql, -1, &s, NULL);
	return s;
}

static int run_insert(struct history *h, const struct result *r,
		      const char *label, const char *machine)
{
	sqlite3_stmt *s = prepare(h, "INSERT INTO run (label, build_id,"
				  " machine, deterministic) VALUES (?,?,?,?)");
	const char *id = result_fact(&r->recorded, "core_build_id");
	int done;

	sqlite3_bind_text(s, 1, label, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, id ? id : "", -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 3, machine, -1, SQLITE_STATIC);
	sqlite3_bind_int(s, 4, result_deterministic(r));
	done = sqlite3_step(s);
	sqlite3_finalize(s);
	return done == SQLITE_DONE ? 0 : -EIO;
}

static int costs_insert(struct history *h, const struct result *r, int64_t run)
{
	sqlite3_stmt *s = prepare(h, "INSERT INTO cost VALUES (?,?,?)");
	int done = SQLITE_DONE;

	for (size_t i = 0; done == SQLITE_DONE && i < r->rows; i++) {
		if (r->row[i].skipped)
			continue;
		sqlite3_reset(s);
		sqlite3_bind_int64(s, 1, run);
		sqlite3_bind_text(s, 2, r->row[i].name, -1, SQLITE_STATIC);
		sqlite3_bind_int64(s, 3, (sqlite3_int64)r->row[i].cost);
		done = sqlite3_step(s);
	}
	sqlite3_finalize(s);
	return done == SQLITE_DONE ? 0 : -EIO;
}

int64_t history_add(struct history *h, const struct result *r,
		    const char *label)
{
	char *machine = machine_text(r);
	int64_t id = -ENOMEM;
	int err;

	if (!machine)
		return id;
	err = sqlite3_exec(h->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	if (!err)
		err = run_insert(h, r, label, machine);
	id = sqlite3_last_insert_rowid(h->db);
	if (!err)
		err = costs_insert(h, r, id);
	if (!err)
		err = sqlite3_exec(h->db, "COMMIT", NULL, NULL, NULL);
	free(machine);
	return err ? -EIO : id;
}

static void text_take(char *to, size_t bytes, sqlite3_stmt *s, int column)
{
	const unsigned char *text = sqlite3_column_text(s, column);

	snprintf(to, bytes, "%s", text ? (const char *)text : "");
}

int history_runs(struct history *h,
		 void (*show)(const struct history_run *run))
{
	sqlite3_stmt *s = prepare(h, "SELECT id, added, label, build_id,"
		" deterministic, (SELECT count(*) FROM cost WHERE run = id)"
		" FROM run ORDER BY id");
	struct history_run run;
	int step;

	while ((step = sqlite3_step(s)) == SQLITE_ROW) {
		run.id = sqlite3_column_int64(s, 0);
		text_take(run.added, sizeof(run.added), s, 1);
		text_take(run.label, sizeof(run.label), s, 2);
		text_take(run.build_id, sizeof(run.build_id), s, 3);
		run.deterministic = sqlite3_column_int(s, 4);
		run.rows = sqlite3_column_int64(s, 5);
		show(&run);
	}
	sqlite3_finalize(s);
	return step == SQLITE_DONE ? 0 : -EIO;
}

static int point_add(struct history_series *series, sqlite3_stmt *s)
{
	struct history_point *more = reallocarray(series->point,
						  series->count + 1,
						  sizeof(*more));

	if (!more)
		return -ENOMEM;
	series->point = more;
	more += series->count++;
	more->run = sqlite3_column_int64(s, 0);
	text_take(more->label, sizeof(more->label), s, 1);
	more->cost = (uint64_t)sqlite3_column_int64(s, 2);
	series->deterministic = sqlite3_column_int(s, 3);
	return 0;
}

int history_series(struct history *h, const char *row,
		   struct history_series *series)
{
	sqlite3_stmt *s = prepare(h, "SELECT id, label, cost_ticks,"
		" deterministic FROM run JOIN cost ON run = id"
		" WHERE name = ?1 AND machine_key(machine) ="
		" (SELECT machine_key(machine) FROM run"
		" JOIN cost ON run = id WHERE name = ?1"
		" ORDER BY id DESC LIMIT 1) ORDER BY id");
	int err = 0, step = SQLITE_DONE;

	*series = (struct history_series){ 0 };
	sqlite3_bind_text(s, 1, row, -1, SQLITE_STATIC);
	while (!err && (step = sqlite3_step(s)) == SQLITE_ROW)
		err = point_add(series, s);
	sqlite3_finalize(s);
	if (!err && step != SQLITE_DONE)
		err = -EIO;
	if (!err && !series->count)
		err = -ENOENT;
	if (err) {
		free(series->point);
		series->point = NULL;
	}
	return err;
}
