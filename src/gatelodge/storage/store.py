"""What every store can do. A subject's store adds the questions only that subject has."""

from typing import Any, ClassVar, Generic, TypeVar

from gatelodge.errors import NotFound, Stale
from gatelodge.model.changed import changed
from gatelodge.model.identifier import DirectoryId
from gatelodge.storage.connection import Connection
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query, Row

T = TypeVar("T")


class Store(Generic[T]):
    """The rows of one directory in one table.

    `is_configuration` says that caches of the run time depend on the table.
    """

    record: ClassVar[Record[Any]]
    is_configuration: ClassVar[bool] = False

    __slots__ = ("connection", "directory_id")

    def __init__(self, connection: Connection, directory_id: DirectoryId) -> None:
        self.connection = connection
        self.directory_id = directory_id

    async def one(self, query: Query, **parameters: Any) -> Row | None:
        """Ask within this directory; return the first row, or None."""
        return await self.connection.one(query, of_directory=self.directory_id, **parameters)

    async def all(self, query: Query, **parameters: Any) -> list[Any]:
        """Ask within this directory; return every row."""
        return await self.connection.all(query, of_directory=self.directory_id, **parameters)

    async def run(self, query: Query, **parameters: Any) -> int:
        """Change rows of this directory; return how many."""
        if self.is_configuration:
            self.connection.is_configuration_changed = True
        return await self.connection.run(query, of_directory=self.directory_id, **parameters)

    def key(self, *key: Any) -> tuple[Any, ...]:
        """Return the stored form of a key as callers spell it."""
        return key

    def load(self, row: Row | None) -> T | None:
        """Return the value of a row, or None."""
        return None if row is None else self.record.load(row)

    async def get(self, *key: Any) -> T | None:
        """Return the value with this key, or None."""
        return self.load(
            await self.one(self.record.by_key, **self.record.key_parameters(*self.key(*key)))
        )

    async def require(self, *key: Any) -> T:
        """Return the value with this key; raise `NotFound` when there is none."""
        if (value := await self.get(*key)) is None:
            raise NotFound(f"no {self.record.table.name} with this key")
        return value

    async def add(self, value: T) -> None:
        """Insert `value`.

        Raises `AlreadyExists` when its key or a unique name is taken, `NotFound` when what it
        belongs to is not there any more.
        """
        self._check_directory(value)
        if self.is_configuration:
            self.connection.is_configuration_changed = True
        await self.connection.run(self.record.insert, **self.record.parameters(value))

    async def save(self, value: T) -> T:
        """Replace the stored value if its revision is still that of `value`.

        Returns the value with its new revision. Raises `Stale` when somebody else was faster or
        the row is gone.
        """
        self._check_directory(value)
        if await self.run(self.record.replace, **self.record.replacement(value)) == 0:
            raise Stale(f"{self.record.table.name} changed meanwhile")
        if "revision" not in self.record.names:
            return value
        return changed(value, revision=value.revision + 1)  # type: ignore[attr-defined]

    def _check_directory(self, value: T) -> None:
        # Without this a mistake in a caller would write into somebody else's directory.
        if getattr(value, "directory_id", self.directory_id) != self.directory_id:
            raise ValueError(f"this {self.record.table.name} belongs to another directory")

    async def remove(self, *key: Any) -> None:
        """Delete the value with this key; raise `NotFound` when there is none."""
        parameters = self.record.key_parameters(*self.key(*key))
        if await self.run(self.record.remove, **parameters) == 0:
            raise NotFound(f"no {self.record.table.name} with this key")
