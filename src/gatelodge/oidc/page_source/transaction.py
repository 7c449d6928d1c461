"""`StateProperties`: the name under which a script knows an interaction."""

import json
from typing import Any

from starlette.requests import Request

from gatelodge.crypto.digest import base64url, from_base64url

TRANSACTION_COOKIE = "x-ms-cpim-trans"
PREFIX = "StateProperties="
_LONGEST = 4096


def state_properties(handle: str) -> str:
    """Return the transaction id of an interaction: its handle, wrapped as scripts unwrap it."""
    return PREFIX + _wrapped({"TID": handle})


def transaction_cookie(handle: str, *, tenant: str, policy: str, client_id: str) -> str:
    """Return the cookie's value: the one transaction that is under way, named once more."""
    entry = {"I": handle, "T": tenant, "P": policy, "C": client_id, "S": 1, "M": {}, "D": 0}
    return _wrapped({"T_DIC": [entry], "C_ID": handle})


def handle_of(request: Request) -> str:
    """Return the interaction's handle a request names by `tx`, or else by the cookie.

    The empty string is no handle: what cannot be read names nothing.
    """
    named = request.query_params.getlist("tx")
    if not named:
        return _text(_unwrapped(request.cookies.get(TRANSACTION_COOKIE, "")).get("C_ID"))
    # Scripts put the prefix before what has it already.
    return _text(_unwrapped(named[0].rpartition(PREFIX)[2]).get("TID")) if len(named) == 1 else ""


def _wrapped(value: dict[str, Any]) -> str:
    return base64url(json.dumps(value, separators=(",", ":")).encode())


def _unwrapped(text: str) -> dict[str, Any]:
    if len(text) > _LONGEST:
        return {}
    try:
        found = json.loads(from_base64url(text.rstrip("=")))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
