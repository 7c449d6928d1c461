"""Several processes on one socket: a parent that starts them, replaces them and stops them."""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable

_WATCHED = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}
_SOON_S = 5.0
"""A process that dies this young would only die again."""


def run_processes(count: int, work: Callable[[], None]) -> int:
    """Run `work` in `count` processes until a signal says stop; return the exit status.

    A process that dies is replaced. When one dies as soon as it began, all are stopped.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
    began = {_fork(work): time.monotonic() for _ in range(count)}
    status = 0
    while True:
        if signal.sigwait(_WATCHED) != signal.SIGCHLD:
            break
        for process, _status in _ended():
            age_s = time.monotonic() - began.pop(process)
            if age_s < _SOON_S:
                status = 1
            else:
                began[_fork(work)] = time.monotonic()
        if status:
            break
    for process in began:
        os.kill(process, signal.SIGTERM)
    for process in began:
        _, how = os.waitpid(process, 0)
        status = status or int(how != 0)
    return status


def _ended() -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    while True:
        try:
            process, how = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if process == 0:
            return found
        found.append((process, how))


def _fork(work: Callable[[], None]) -> int:
    process = os.fork()
    if process:
        return process
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _WATCHED)
    status = 0
    try:
        work()
    except BaseException:  # noqa: BLE001 - a child must end here, whatever happened
        traceback.print_exc()
        status = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
