#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Programs and the terminals they run on: terminal.py SCENARIO COMMAND...
Ends with 0 when the command does what the scenario asks of it."""
import errno
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time

WAIT_S = 20


class Run:
    """A command on a pseudo terminal of 100 columns and 30 lines."""

    def __init__(self, command, ignore=(), control=True, **options):
        self.master, slave = pty.openpty()
        self.before = termios.tcgetattr(slave)
        self.said = b""
        fcntl.ioctl(slave, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 30, 100, 0, 0))

        def begin():
            os.setsid()
            if control:
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            for sig in ignore:
                signal.signal(sig, signal.SIG_IGN)

        options.setdefault("stderr", slave)
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave,
                                        preexec_fn=begin, **options)
        # kept open: what the terminal was left as can be asked for then
        self.slave = slave

    def read(self, text, since=0):
        """Until the terminal has shown that."""
        end = time.monotonic() + WAIT_S
        while text not in self.said[since:]:
            left = end - time.monotonic()
            assert left > 0, f"no {text!r} in {self.said[since:]!r}"
            if select.select([self.master], [], [], left)[0]:
                self.said += os.read(self.master, 65536)

    def hang_up(self):
        os.close(self.slave)
        os.close(self.master)

    def ends(self, status):
        """The status as Popen has it: a signal's number, negative."""
        got = self.process.wait(timeout=WAIT_S)
        assert got == status, f"ended with {got}, not {status}"


def batch_hang_up(command):
    """Ends in order, as by any other signal that asks for it."""
    run = Run(command)
    run.read(b"==")
    run.hang_up()
    run.ends(0)


def batch_hang_up_ignored(command):
    """Nobody tells it (nohup): it finds out."""
    run = Run(command, ignore=[signal.SIGHUP], control=False,
              stderr=subprocess.PIPE)
    run.read(b"==")
    run.hang_up()
    run.ends(1)
    said = run.process.stderr.read()
    assert os.strerror(errno.EIO).encode() in said, said


def batch_reader_left(command):
    """It does not wait for the end of an interval to find out."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=WAIT_S) == -signal.SIGPIPE
    said = process.stderr.read()
    assert not said, said


def main(argv):
    scenario = globals()[argv[0].replace("-", "_")]
    scenario(argv[1:])


main(sys.argv[1:])
