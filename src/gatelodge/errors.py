"""Troubles of the domain. Nobody outside is told of them directly: each surface translates."""

from dataclasses import dataclass


class DomainError(Exception):
    """Something the server was asked for cannot be done."""


class NotFound(DomainError):
    """What was named does not exist in this directory."""


class Stale(DomainError):
    """Somebody else changed it since it was read; read again and decide again."""


class Forbidden(DomainError):
    """The caller may not do this."""


class TooMany(DomainError):
    """More work than the server accepts at the moment.

    `retry_after_s` is when trying again makes sense.
    """

    def __init__(self, message: str, *, retry_after_s: int = 1) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Unavailable(DomainError):
    """Something the server cannot do without does not answer; trying again later makes sense."""


class AlreadyExists(DomainError):
    """Another object holds the name. `target` is the attribute that collides, if it is known."""

    def __init__(self, message: str, *, target: str | None = None) -> None:
        super().__init__(message)
        self.target = target


class InUse(DomainError):
    """Others need what was to be deleted; the message names them, for the administrator."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: which attribute, and a sentence for the one who sent it."""

    target: str
    message: str


class Invalid(DomainError):
    """The input breaks rules; `problems` names every one of them."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(each.message for each in problems))
        self.problems = problems
