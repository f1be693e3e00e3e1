/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where to serve: PORT, HOST:PORT or [IPV6]:PORT. Nobody but this host is
 * served unless a host is written out.
 */
#ifndef VMTOP_OPTIONS_LISTEN_H
#define VMTOP_OPTIONS_LISTEN_H

#include <stddef.h>

struct listen_address {
	char host[256];
	char port[8];		/* "0": any that is free */
};

#define LISTEN_ERROR_BYTES 512

/* 0, or -EINVAL and leaves *a as it was. */
int listen_parse(const char *text, struct listen_address *a);
/*
 * A socket that listens there, non-blocking; the caller closes. Or a negative
 * errno and a sentence: what, where and what to do.
 */
int listen_open(const struct listen_address *a, char error[LISTEN_ERROR_BYTES]);
/* "127.0.0.1:9178", "[::1]:9178": what a socket of listen_open() got. */
#define LISTEN_NAME_BYTES 128
void listen_name(int fd, char name[LISTEN_NAME_BYTES]);

#endif
