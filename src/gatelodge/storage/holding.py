"""One process serves a SQLite file; an operator's commands work beside it.

Caches and the writer's queue of a server rest on nobody else serving the same file.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from gatelodge.errors import Invalid, Problem
from gatelodge.storage.opening import sqlite_path


@contextmanager
def held(url: str) -> Iterator[None]:
    """Serve the database at `url` alone if it is a file; PostgreSQL serves many.

    Raises `Invalid` when another process does. The lock is the kernel's: however a process ends,
    it is gone with it.
    """
    if not url.startswith("sqlite:"):
        yield
        return
    # A file of its own: closing the database a second time would drop SQLite's locks on it.
    path = sqlite_path(url)
    descriptor = os.open(path.with_name(f"{path.name}-serving"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            sentence = f"another process serves {path}; SQLite is for one (PostgreSQL for several)"
            raise Invalid(Problem("database", sentence)) from error
        yield
    finally:
        os.close(descriptor)
