"""Starting, finding and ending processes, without anything but Python."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from pathlib import Path


class CannotStart(Exception):
    """A service did not start; the message says what to do."""


def free_port(preferred=0):
    """A loopback port that nobody listens on: the preferred one when it is free."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return probe.getsockname()[1]
    raise CannotStart("No free port on 127.0.0.1.")


def command_line(pid):
    """How a process was started; empty when there is none."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout


def end_process(pid, *, by=signal.SIGTERM, seconds=20, then=signal.SIGKILL):
    """Ask a process to end, and make it when it has not within the time."""
    for number in (by, then):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            if not command_line(pid):
                _ask_after_the_started()
                return
            time.sleep(0.05)


def private_file(path, content):
    """Write a file that only its owner can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
    return path


# Servers outlive the objects that started them; held here so that nobody takes them for forgotten.
_STARTED: list[subprocess.Popen] = []


def _ask_after_the_started():
    """A server that died stays in the process table, seemingly alive, until it is asked after."""
    for one in _STARTED:
        one.poll()


def launch(command, *, home, log):
    """Start a server apart from this terminal, so that Ctrl-C reaches only who decides."""
    _ask_after_the_started()
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    _STARTED.append(process)
    return process


def tail(path, lines=15):
    with contextlib.suppress(OSError):
        return "\n".join(Path(path).read_text(errors="replace").splitlines()[-lines:])
    return ""
