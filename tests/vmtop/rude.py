#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Clients nobody wants: rude.py PORT. Ends with 0 when each was answered with
an error, was hung up on, or was left alone; what they do to others, tests
that come after see."""
import os
import socket
import sys

AT = ("127.0.0.1", int(sys.argv[1]))


def send(data):
    """The first line of the answer; "" if there is none."""
    with socket.create_connection(AT, timeout=60) as s:
        try:
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
            return s.recv(100).split(b"\r\n")[0].decode("ascii", "replace")
        except OSError:  # hung up on
            return ""


def refused(data):
    answer = send(data)
    assert " 200 " not in answer, answer


refused(b"\0" * 1000)
refused(os.urandom(4096))
refused(b"\r\n" * 5000)
refused(b"GET\r\n\r\n")
refused(b"GET /metrics")
refused(b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
refused(b"GET /metrics HTTP/1.1\r\n" + b"X: " + b"y" * 100000 + b"\r\n\r\n")
refused(b"GET /metrics HTTP/1.1\r\n" +
        b"".join(b"X-%d: y\r\n" % i for i in range(10000)) + b"\r\n")
refused(b"POST /metrics HTTP/1.1\r\nHost: x\r\n"
        b"Content-Length: 18446744073709551615\r\n\r\nx")
refused(b"POST /metrics HTTP/1.1\r\nHost: x\r\n"
        b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx")

# those who ask and go, and those who never ask
for _ in range(50):
    with socket.create_connection(AT, timeout=30) as s:
        s.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
# more than are let in: those who sit there are shown out
idle = [socket.create_connection(AT, timeout=60) for _ in range(80)]
for s in idle[:40]:
    s.sendall(b"GET /met")
answer = send(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
assert " 200 " in answer, answer
