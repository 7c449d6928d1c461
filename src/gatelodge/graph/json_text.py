"""JSON as it arrives (RFC 8259): one object, or a refusal that says why."""

from json import JSONDecodeError
from typing import Any

from gatelodge.graph.errors import bad_request
from gatelodge.model.strict_json import (
    NoNumber,
    RepeatedName,
    is_unicode,
    read_strictly,
    texts_in,
)

MAX_BODY_OCTETS = 1_048_576


def read_object(octets: bytes) -> dict[str, Any]:
    """Return the object a request body holds.

    Raises `GraphError` 400 for anything else: broken or empty text, another kind of value, a name
    given twice, NaN or Infinity, nesting too deep, text that is no Unicode or contains NUL.
    """
    if not octets.strip():
        raise bad_request("The request has no body; a JSON object is expected.")
    try:
        found = read_strictly(octets.decode("utf-8"))
    except RepeatedName as error:
        raise bad_request("The request body gives the same property twice.") from error
    except NoNumber as error:
        raise bad_request(f"{error} is not a JSON number.") from error
    except UnicodeDecodeError as error:
        raise bad_request("The request body is not UTF-8.") from error
    except RecursionError as error:
        raise bad_request("The JSON of the request body is nested too deeply.") from error
    except JSONDecodeError as error:
        raise bad_request(
            f"The request body is not JSON: line {error.lineno}, column {error.colno}."
        ) from error
    except ValueError as error:
        raise bad_request("A number in the request body is too long.") from error
    if not isinstance(found, dict):
        raise bad_request("The request body must be a JSON object.")
    if b"\\u" in octets and any(map(_is_unfit, texts_in(found))):
        raise bad_request("The request body contains text that is not valid Unicode, or NUL.")
    return found


def _is_unfit(text: str) -> bool:
    return "\0" in text or not is_unicode(text)
