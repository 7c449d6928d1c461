"""What a store needs of a database: three questions, the same on every one."""

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from gatelodge.model.asker import Asker
from gatelodge.storage.statement import Query, Row

Mark: TypeAlias = Callable[..., str]
"""Returns a keyed digest of the texts it is given."""


def no_mark(*_parts: str) -> str:
    """Mark nothing: for databases whose audit log nobody verifies."""
    return ""


class Connection(Protocol):
    """Runs compiled statements; outside a transaction only those that read.

    After a statement failed the transaction can only fail, whatever becomes of the exception.

    `is_configuration_changed` is set by a store that wrote configuration, and `is_message_queued`
    by the outbox, so that the database can tell those concerned once the transaction is committed.
    `mark` makes what is added to the audit log recognisable as this program's, and `asker` is
    where the request came from that began the transaction.
    """

    mark: Mark
    asker: Asker
    is_configuration_changed: bool
    is_message_queued: bool

    async def one(self, query: Query, **parameters: Any) -> Row | None:
        """Return the first row, or None. A question about text nobody can have finds nothing."""
        ...

    async def all(self, query: Query, **parameters: Any) -> list[Any]:
        """Return every row. A question about text nobody can have finds nothing."""
        ...

    async def run(self, query: Query, **parameters: Any) -> int:
        """Return how many rows were changed.

        Raises `AlreadyExists` when a unique name is taken, `NotFound` when a row it belongs to is
        gone, `Stale` when rows still belong to a removed one, `Invalid` for what cannot be stored
        and `Unavailable` when the database does not answer.
        """
        ...
