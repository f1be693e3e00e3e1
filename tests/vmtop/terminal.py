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


MOUSE_ON = b"1000h"
SCREEN_ON = b"\x1b[?1049h"
LEFT = [b"1000l", b"\x1b[?25h", b"\x1b[?1049l"]


class View(Run):
    """A live view that has drawn itself, with the mouse."""

    def __init__(self, command, **options):
        os.environ["TERM"] = "xterm-256color"
        super().__init__(command, **options)
        self.drawn()

    def drawn(self, since=0):
        self.read(SCREEN_ON, since)
        self.read(MOUSE_ON, since)
        self.read(b"vmtop - ", since)
        mode = termios.tcgetattr(self.slave)[3]
        assert not mode & (termios.ICANON | termios.ECHO), mode

    def left(self, since=0):
        for text in LEFT:
            self.read(text, since)
        assert termios.tcgetattr(self.slave) == self.before


def view_killed(command):
    """By each signal that kills: the terminal is as it was, and whoever waits
    learns which signal it was."""
    signals = set(signal.valid_signals()) - {
        signal.SIGKILL, signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN,
        signal.SIGTTOU, signal.SIGCONT, signal.SIGCHLD, signal.SIGURG,
        signal.SIGWINCH, signal.SIGINT, signal.SIGTERM, signal.SIGHUP,
        # Python has it ignored, and so has what it starts
        signal.SIGPIPE, signal.SIGXFSZ}
    assert signal.SIGSEGV in signals and signal.SIGRTMAX in signals
    for sig in sorted(signals):
        run = View(command)
        run.process.send_signal(sig)
        run.ends(-sig)
        run.left()
        run.hang_up()


def view_interrupted(command):
    for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        run = View(command)
        run.process.send_signal(sig)
        run.ends(0)
        run.left()
        run.hang_up()


def view_ignores_what_its_parent_did(command):
    run = View(command, ignore=[signal.SIGQUIT, signal.SIGUSR1])
    run.process.send_signal(signal.SIGQUIT)
    run.process.send_signal(signal.SIGUSR1)
    os.write(run.master, b"q")
    run.ends(0)
    run.left()


# A job: a shell of a kind leads the session, since nothing stops without one.
LEADER = """
import os, signal, sys
for sig in (signal.SIGTTOU, signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP):
    signal.signal(sig, signal.SIG_IGN)
pid = os.fork()
if not pid:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    for sig in (signal.SIGTTOU, signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP):
        signal.signal(sig, signal.SIG_DFL)
    os.execvp(sys.argv[1], sys.argv[1:])
print("job", pid, file=sys.stderr, flush=True)
while True:
    status = os.waitpid(pid, os.WUNTRACED)[1]
    if not os.WIFSTOPPED(status):
        break
    print("stopped", file=sys.stderr, flush=True)
print("ended", os.waitstatus_to_exitcode(status), file=sys.stderr, flush=True)
"""


def view_stops_and_continues(command):
    """By Ctrl-Z, and by what cannot be caught; it draws itself anew."""
    run = View([sys.executable, "-c", LEADER] + command,
               stderr=subprocess.PIPE)

    def says():
        """The leader's next line; the terminal is read meanwhile."""
        line = b""
        end = time.monotonic() + WAIT_S
        while not line.endswith(b"\n"):
            assert time.monotonic() < end, (line, run.said)
            ready = select.select([run.process.stderr, run.master], [], [],
                                  1)[0]
            if run.master in ready:
                run.said += os.read(run.master, 65536)
            if run.process.stderr in ready:
                line += os.read(run.process.stderr.fileno(), 1)
        return line.split()

    job = int(says()[1])
    for stop in (lambda: os.write(run.master, b"\x1a"),
                 lambda: os.kill(job, signal.SIGTSTP),
                 lambda: os.kill(job, signal.SIGSTOP)):
        since = len(run.said)
        stop()
        said = says()
        assert said == [b"stopped"], said
        if stop.__code__.co_names[-1] == "SIGSTOP":
            # it could not; a shell does it then
            termios.tcsetattr(run.slave, termios.TCSANOW, run.before)
        else:
            run.left(since)
        since = len(run.said)
        os.kill(job, signal.SIGCONT)
        run.drawn(since)
    since = len(run.said)
    os.write(run.master, b"q")
    said = says()
    assert said == [b"ended", b"0"], said
    run.left(since)
    run.ends(0)


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
