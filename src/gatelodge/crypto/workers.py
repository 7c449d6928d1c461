"""Threads for work that would hold up the event loop, with a bound on what may wait."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, TypeVarTuple

from gatelodge.errors import TooMany

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")


class Workers:
    """As many threads as given and at most `waiting` jobs beyond them.

    More is refused at once: a queue that grows without end only makes everyone time out.
    """

    def __init__(self, threads: int, *, waiting: int, name: str) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._room = threads + waiting

    async def run(self, work: Callable[[*Arguments], T], *arguments: *Arguments) -> T:
        """Return what `work` returns. Raises `TooMany` when the queue is full."""
        if self._room <= 0:
            raise TooMany("too much work is waiting", retry_after_s=1)
        self._room -= 1
        job = asyncio.get_running_loop().run_in_executor(self._executor, work, *arguments)
        job.add_done_callback(self._make_room)
        return await job

    def _make_room(self, _job: "asyncio.Future[Any]") -> None:
        self._room += 1

    def close(self) -> None:
        """Finish what runs and end the threads."""
        self._executor.shutdown(cancel_futures=True)
