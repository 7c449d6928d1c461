"""What a connector may answer, read strictly: whatever else it says ends the journey."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from gatelodge.model.strict_json import is_unicode, read_strictly, texts_in

LONGEST_MESSAGE = 500
_OK, _BAD_REQUEST = 200, 400


@dataclass(frozen=True, slots=True)
class Continue:
    """Go on, with these values; nobody has looked at their names yet."""

    claims: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ShowBlockPage:
    """Let the person read this, and end."""

    message: str


@dataclass(frozen=True, slots=True)
class ValidationError:
    """Let the person read this, and answer again."""

    message: str


Said: TypeAlias = Continue | ShowBlockPage | ValidationError


class Unreadable(Exception):
    """It is none of the answers there are."""


def read_answer(status: int, body: bytes) -> Said:
    """Return what a connector said; raises `Unreadable`."""
    found = _object_in(body)
    match found.pop("action", None), status:
        case "Continue", 200:
            return Continue({name: each for name, each in found.items() if name not in _ENVELOPE})
        case "ShowBlockPage", 200:
            return ShowBlockPage(_message(found))
        case "ValidationError", 400 if str(found.get("status")) == "400":
            return ValidationError(_message(found))
        case _:
            raise Unreadable("an action that does not exist, or not with this status")


def may_be_read(status: int) -> bool:
    """Return whether an answer with this status can be one of ours."""
    return status in {_OK, _BAD_REQUEST}


_ENVELOPE = frozenset({"version", "status", "code", "userMessage", "developerMessage"})


def _message(found: Mapping[str, object]) -> str:
    """Return the sentence for the person: one paragraph, not too long, nothing that hides."""
    text = found.get("userMessage")
    if not isinstance(text, str):
        raise Unreadable("no message for the person")
    printable = "".join(each if each.isprintable() else " " for each in text)
    told = " ".join(printable.split())[:LONGEST_MESSAGE]
    if not told:
        raise Unreadable("an empty message for the person")
    return told


def _object_in(body: bytes) -> dict[str, Any]:
    try:
        found = read_strictly(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Unreadable("not JSON") from error
    if not isinstance(found, dict):
        raise Unreadable("not an object")
    if not all(map(is_unicode, texts_in(found))):
        raise Unreadable("text that is no Unicode")
    return found
