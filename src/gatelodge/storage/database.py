"""A database: read now, or write in one transaction. Two implementations, one behaviour."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias, TypeVar

from gatelodge.model.identifier import DirectoryId
from gatelodge.model.own_host import OwnHosts
from gatelodge.storage.connection import Mark, no_mark
from gatelodge.storage.stores import Stores

T = TypeVar("T")
Work: TypeAlias = Callable[[Stores], Coroutine[Any, Any, T]]


class Database(ABC):
    """Where everything is kept.

    `configuration_version` grows whenever this process commits a change of configuration
    (directories, user flows, attributes, applications, keys): caches compare it. `message_queued`
    is set when this process commits a message; whoever sends messages waits for it. `mark` marks
    every audit event, under the master key once that is known. `own_hosts` are what the operator
    gave to directories: configuration that lies in no table.
    """

    def __init__(self) -> None:
        self.configuration_version = 0
        self.message_queued = asyncio.Event()
        self.mark: Mark = no_mark
        self.own_hosts = OwnHosts()

    @property
    @abstractmethod
    def is_shared(self) -> bool:
        """Return whether other processes may write to the database at the same time."""

    @abstractmethod
    def read(self, directory_id: DirectoryId) -> Stores:
        """Return the stores of one directory for reading; each question sees what is committed.

        A store that would write raises `RuntimeError`; a question raises `Unavailable` when the
        database does not answer.
        """

    @abstractmethod
    async def write(self, directory_id: DirectoryId, work: Work[T]) -> T:
        """Run `work` in one transaction and return its value once it is durable.

        Nothing is kept when `work` or any statement in it raises. Inside it nothing may wait but
        the database: no HTTP, no mail, no hashing. It may be run again when others were in the way.
        Raises `Unavailable` when the database does not answer, after which it is only known that
        either everything was kept or nothing.
        """

    @abstractmethod
    async def close(self) -> None:
        """Finish what was begun and let go of the database."""
