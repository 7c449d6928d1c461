"""What it means to those who asked that a statement failed: the same on every database."""

from enum import Enum, auto

from gatelodge.errors import AlreadyExists, Invalid, NotFound, Problem, Stale, Unavailable
from gatelodge.storage.statement import Compiled


class Failure(Enum):
    """Why a statement failed, as far as anybody who asked can do something about it."""

    TAKEN = auto()
    BROKEN_REFERENCE = auto()
    TOO_LARGE = auto()
    SILENT = auto()


def meaning(
    error: Exception, failure: Failure | None, compiled: Compiled, column: str | None = None
) -> Exception:
    """Return the error of the domain, or `error` itself where only an operator can help.

    `column` is the one whose value is taken, if the database says so.
    """
    match failure:
        case None:
            return error
        case Failure.TAKEN:
            return AlreadyExists("the name is taken", target=column)
        case Failure.BROKEN_REFERENCE if compiled.is_delete:
            return Stale("something still belongs to it")
        case Failure.BROKEN_REFERENCE:
            return NotFound("what it belongs to is not there any more")
        case Failure.TOO_LARGE:
            return Invalid(Problem("", "A value is too large to be stored."))
        case Failure.SILENT:
            return silent(error)


def silent(error: BaseException) -> Unavailable:
    """Return what it means that the database does not answer."""
    return Unavailable(f"the database does not answer: {error}")
