/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An address, and a socket that listens there.
 */
#include "vmtop/options/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "command/units.h"

#define PORT_MAX 65535

/* Returns the host's part of the text; NULL: it has none that is valid. */
static const char *host_split(const char *text, size_t *bytes)
{
	const char *colon = strrchr(text, ':');
	const char *end = colon;

	if (!colon)
		return NULL;
	if (text[0] == '[') {
		text++;
		end--;
		if (*end != ']')
			return NULL;
	} else if (strcspn(text, ":[]") < (size_t)(colon - text)) {
		return NULL;
	}
	*bytes = end - text;
	return text;
}

int listen_parse(const char *text, struct listen_address *a)
{
	struct listen_address got = { .host = "127.0.0.1" };
	const char *port = strrchr(text, ':');
	const char *host;
	size_t bytes = 0;
	uint64_t number;

	if (port) {
		host = host_split(text, &bytes);
		if (!host || !bytes || bytes >= sizeof(got.host))
			return -EINVAL;
		memcpy(got.host, host, bytes);
		got.host[bytes] = '\0';
	}
	if (units_parse_number(port ? port + 1 : text, 0, PORT_MAX, &number))
		return -EINVAL;
	snprintf(got.port, sizeof(got.port), "%u", (unsigned int)number);
	*a = got;
	return 0;
}

static const char *advice(int err)
{
	switch (err) {
	case EADDRINUSE:
		return "; give another port, or 0 for any that is free";
	case EADDRNOTAVAIL:
		return "; give an address of this host";
	case EACCES:
		return "; give a port from 1024 on";
	default:
		return "";
	}
}

/* A negative errno. */
static int socket_listen(const struct addrinfo *at)
{
	int on = 1, err;
	int fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC |
			SOCK_NONBLOCK, at->ai_protocol);

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	/* [::] is what it says, and not all of IPv4, too */
	if (at->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (!bind(fd, at->ai_addr, at->ai_addrlen) && !listen(fd, SOMAXCONN))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

int listen_open(const struct listen_address *a, char error[LISTEN_ERROR_BYTES])
{
	const struct addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE,
	};
	bool ipv6 = strchr(a->host, ':');
	struct addrinfo *list;
	int err, fd;

	err = getaddrinfo(a->host, a->port, &hints, &list);
	if (err) {
		snprintf(error, LISTEN_ERROR_BYTES, "cannot serve at %s: %s; "
			 "give a name or an address of this host", a->host,
			 gai_strerror(err));
		return -EINVAL;
	}
	fd = socket_listen(list);
	freeaddrinfo(list);
	if (fd < 0)
		snprintf(error, LISTEN_ERROR_BYTES,
			 "cannot serve at %s%s%s:%s: %s%s", ipv6 ? "[" : "",
			 a->host, ipv6 ? "]" : "", a->port, strerror(-fd),
			 advice(-fd));
	return fd;
}

void listen_name(int fd, char name[LISTEN_NAME_BYTES])
{
	struct sockaddr_storage at = { 0 };
	socklen_t bytes = sizeof(at);
	char host[NI_MAXHOST] = "?", port[NI_MAXSERV] = "?";
	bool ipv6;

	getsockname(fd, (struct sockaddr *)&at, &bytes);
	getnameinfo((struct sockaddr *)&at, bytes, host, sizeof(host), port,
		    sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV);
	ipv6 = at.ss_family == AF_INET6;
	snprintf(name, LISTEN_NAME_BYTES, "%s%.64s%s:%s", ipv6 ? "[" : "",
		 host, ipv6 ? "]" : "", port);
}
