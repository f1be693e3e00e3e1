/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One thread reads rings and answers requests in turn, so that every answer
 * is one interval's and nothing needs a lock. What /metrics says is printed
 * at most once an interval, however many ask; the sockets never block, and
 * who is slow has the text of his interval while we go on.
 */
#include "vmtop/serve/serve.h"

#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/clock.h"
#include "command/command.h"
#include "command/interrupt.h"
#include "vmtop/serve/accept.h"
#include "vmtop/options/listen.h"
#include "vmtop/serve/metrics.h"
#include "vmtop/serve/openmetrics.h"

/* Limits for strangers */
#define CONNECTIONS_MAX	64
#define CONNECTION_IDLE_S 10
#define CONNECTION_BYTES (16 * 1024)	/* of a request's head */

struct server {
	struct watch *w;
	double due_s;		/* when its rings are to be read again */
	struct MHD_Daemon *http;
	int epoll_fd;
	struct metrics metrics;
	/* of the newest interval; NULL: nobody asked yet */
	struct MHD_Response *answer[OPENMETRICS_FORMATS];
};

/* Drops the answers; a client that still reads one keeps it. */
static void answers_forget(struct server *s)
{
	for (unsigned int i = 0; i < OPENMETRICS_FORMATS; i++) {
		if (s->answer[i])
			MHD_destroy_response(s->answer[i]);
		s->answer[i] = NULL;
	}
}

/*
 * Every answer ends its connection: an idle one would either be cut between
 * two scrapes or be kept for anyone who just sits there.
 */
static struct MHD_Response *response_new(size_t bytes, char *text,
					 enum MHD_ResponseMemoryMode mode,
					 const char *type)
{
	struct MHD_Response *response =
		MHD_create_response_from_buffer(bytes, text, mode);

	if (!response)
		return NULL;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	return response;
}

/* As often as they need it, whatever else there is to do. */
static void rings_read(struct server *s)
{
	if (clock_now_s() >= s->due_s)
		s->due_s = clock_now_s() +
			watch_drain(s->w, WATCH_DRAIN_ALL) / 1e3;
}

static struct MHD_Response *answer_print(struct server *s,
					 enum openmetrics_format format)
{
	struct MHD_Response *response;
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);
	bool failed;

	if (!to)
		return NULL;
	for (size_t i = 0; i < openmetrics_parts(&s->metrics); i++) {
		openmetrics_print(to, &s->metrics, format, i);
		rings_read(s);
	}
	failed = ferror(to);
	if (fclose(to) || failed) {
		free(text);
		return NULL;
	}
	response = response_new(bytes, text, MHD_RESPMEM_MUST_FREE,
				openmetrics_type[format]);
	if (response)
		MHD_add_response_header(response, MHD_HTTP_HEADER_VARY,
					MHD_HTTP_HEADER_ACCEPT);
	else
		free(text);
	return response;
}

static enum MHD_Result refuse(struct MHD_Connection *to, unsigned int status,
			      char *why)
{
	struct MHD_Response *response = response_new(strlen(why), why,
		MHD_RESPMEM_PERSISTENT, "text/plain; charset=utf-8");
	enum MHD_Result sent;

	if (!response)
		return MHD_NO;
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW,
					"GET, HEAD");
	sent = MHD_queue_response(to, status, response);
	MHD_destroy_response(response);
	return sent;
}

static enum MHD_Result header_take(void *accept, enum MHD_ValueKind kind,
				   const char *name, const char *value)
{
	(void)kind;
	if (value && !strcasecmp(name, MHD_HTTP_HEADER_ACCEPT))
		accept_header(accept, value);
	return MHD_YES;
}

/* The format that the request prefers; -1: it takes none that there is. */
static int format_choose(struct MHD_Connection *from)
{
	struct accept_offer offer[OPENMETRICS_FORMATS] = { 0 };
	struct accept accept;

	for (unsigned int i = 0; i < OPENMETRICS_FORMATS; i++)
		offer[i].type = openmetrics_type[i];
	accept_begin(&accept, offer, OPENMETRICS_FORMATS);
	MHD_get_connection_values(from, MHD_HEADER_KIND, header_take, &accept);
	return accept_choose(&accept);
}

static enum MHD_Result metrics_answer(struct server *s,
				      struct MHD_Connection *to)
{
	static char only_these[] = "The metrics are text/plain or "
		"application/openmetrics-text; version=1.0.0.\n";
	int format = format_choose(to);

	if (format < 0)
		return refuse(to, MHD_HTTP_NOT_ACCEPTABLE, only_these);
	if (!s->answer[format])
		s->answer[format] = answer_print(s, format);
	if (!s->answer[format])
		return MHD_NO;
	return MHD_queue_response(to, MHD_HTTP_OK, s->answer[format]);
}

/* Answers when a request's head is there; a body is not waited for. */
static enum MHD_Result request(void *server, struct MHD_Connection *from,
			       const char *path, const char *method,
			       const char *version, const char *upload,
			       size_t *upload_bytes, void **state)
{
	static char only_get[] = "Only GET and HEAD are understood.\n";
	static char only_metrics[] = "There is nothing but /metrics here.\n";

	(void)version;
	(void)upload;
	(void)upload_bytes;
	(void)state;
	if (strcmp(path, "/metrics"))
		return refuse(from, MHD_HTTP_NOT_FOUND, only_metrics);
	if (strcmp(method, MHD_HTTP_METHOD_GET) &&
	    strcmp(method, MHD_HTTP_METHOD_HEAD))
		return refuse(from, MHD_HTTP_METHOD_NOT_ALLOWED, only_get);
	return metrics_answer(server, from);
}

static int server_open(struct server *s, const struct listen_address *at)
{
	char error[LISTEN_ERROR_BYTES], name[LISTEN_NAME_BYTES];
	const union MHD_DaemonInfo *info = NULL;
	int fd = listen_open(at, error);

	if (fd < 0) {
		cmd_error("%s", error);
		return fd;
	}
	listen_name(fd, name);
	s->http = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, request, s,
		MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned int)CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)CONNECTION_IDLE_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
		MHD_OPTION_END);
	if (s->http)
		info = MHD_get_daemon_info(s->http, MHD_DAEMON_INFO_EPOLL_FD);
	else
		close(fd);
	if (!info) {
		cmd_error("cannot serve at %s: out of memory or files", name);
		return -ENOMEM;
	}
	s->epoll_fd = info->epoll_fd;
	cmd_error("serving http://%s/metrics", name);
	return 0;
}

static void server_close(struct server *s)
{
	answers_forget(s);
	if (s->http)
		MHD_stop_daemon(s->http);
	metrics_clear(&s->metrics);
}

/* Requests, until then at most. */
static void requests_answer(struct server *s, double end_s)
{
	struct pollfd ready = { .fd = s->epoll_fd, .events = POLLIN };
	double left = end_s - clock_now_s();
	MHD_UNSIGNED_LONG_LONG http_ms;
	int ms = left > 0 ? left * 1000 + 1 : 0;

	if (MHD_get_timeout(s->http, &http_ms) == MHD_YES &&
	    http_ms < (unsigned int)ms)
		ms = http_ms;
	poll(&ready, 1, ms);
	MHD_run(s->http);
}

static void interval_wait(struct server *s, double end_s)
{
	while (!interrupted && clock_now_s() < end_s) {
		rings_read(s);
		requests_answer(s, s->due_s < end_s ? s->due_s : end_s);
	}
	watch_drain(s->w, WATCH_DRAIN_ALL);
}

static int interval_end(struct server *s, double *start_s)
{
	double now = clock_now_s(), seconds = now - *start_s;
	int err;

	watch_refresh(s->w);
	err = watch_end_interval(s->w, seconds);
	if (err < 0)
		return err;
	*start_s = now;
	err = metrics_add_watch(&s->metrics, s->w, seconds);
	answers_forget(s);
	return err;
}

/* Machines may come later; a message tells why one that runs is not read. */
static void machines_find(struct watch *w, const struct options *o)
{
	int err = watch_machines(w, o->names, o->names_count);

	if (err && (err != -ENOENT || o->names_count))
		cmd_error("%s", *watch_error(w) ? watch_error(w) :
			  strerror(-err));
	watch_refresh(w);
}

int serve_run(struct watch *w, const struct options *o)
{
	struct server s = { .w = w };
	double start_s;
	int err;

	interrupt_catch_usual();
	/* a shell's background jobs ignore it, and end by it all the same */
	interrupt_catch(SIGINT);
	interrupt_catch(SIGTERM);
	/* who asked may be gone when he is answered */
	signal(SIGPIPE, SIG_IGN);
	err = server_open(&s, &o->listen);
	if (!err)
		machines_find(w, o);
	start_s = clock_now_s();
	while (!err && !interrupted) {
		interval_wait(&s, start_s + o->delay_s);
		err = interval_end(&s, &start_s);
		if (err)
			cmd_error("%s", strerror(-err));
	}
	server_close(&s);
	return err ? CMD_ERROR : CMD_DONE;
}
