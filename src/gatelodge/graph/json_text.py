"""JSON as it arrives (RFC 8259): one object, or a refusal that says why."""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from gatelodge.graph.errors import bad_request

MAX_BODY_OCTETS = 1_048_576


class _Refused(ValueError):
    """The text is JSON, but not a kind we take."""


def read_object(octets: bytes) -> dict[str, Any]:
    """Return the object a request body holds.

    Raises `GraphError` 400 for anything else: broken or empty text, another kind of value, a name
    given twice, NaN or Infinity, nesting too deep, text that is no Unicode or contains NUL.
    """
    if not octets.strip():
        raise bad_request("The request has no body; a JSON object is expected.")
    try:
        found = json.loads(
            octets.decode("utf-8"), object_pairs_hook=_object, parse_constant=_refuse_constant
        )
    except _Refused as error:
        raise bad_request(str(error)) from error
    except UnicodeDecodeError as error:
        raise bad_request("The request body is not UTF-8.") from error
    except RecursionError as error:
        raise bad_request("The JSON of the request body is nested too deeply.") from error
    except json.JSONDecodeError as error:
        raise bad_request(
            f"The request body is not JSON: line {error.lineno}, column {error.colno}."
        ) from error
    except ValueError as error:
        raise bad_request("A number in the request body is too long.") from error
    if not isinstance(found, dict):
        raise bad_request("The request body must be a JSON object.")
    if b"\\u" in octets and any(map(_is_unfit, _texts(found))):
        raise bad_request("The request body contains text that is not valid Unicode, or NUL.")
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Refused("The request body gives the same property twice.")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise _Refused(f"{name} is not a JSON number.")


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON can hold
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str() as text:
                yield text
            case list() as several:
                waiting += several
            case dict() as members:
                yield from members
                waiting += members.values()
            case _:
                pass


def _is_unfit(text: str) -> bool:
    return "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text)
