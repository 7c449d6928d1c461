"""Where the request at hand came from: the one thing the audit log knows without being told.

It is kept beside the request, not in it, so that no step between an endpoint and a transaction has
to carry what only the log reads. Nothing may be decided by it.
"""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asker:
    """The address a request came from, as the server saw it, and what the client calls itself."""

    ip_address: str | None = None
    user_agent: str | None = None


ASKER: ContextVar[Asker] = ContextVar("asker", default=Asker())  # noqa: B039 - it is frozen
