"""The grammar of names people sign in with instead of an address."""

import re
from typing import NewType

UserName = NewType("UserName", str)

MAX_LENGTH = 64
_NAME = re.compile(r"[a-zA-Z0-9]+[a-zA-Z0-9_-]*", re.ASCII)
_RESERVED = frozenset(
    [
        "abuse",
        "admin",
        "administrator",
        "hostmaster",
        "info",
        "noreply",
        "no-reply",
        "postmaster",
        "root",
        "security",
        "support",
        "system",
        "webmaster",
    ]
)
"""Names that sound as if the people who run the site spoke."""


def parse_user_name(text: str) -> UserName | None:
    """Accept `text` as a name somebody may choose, or answer None.

    ASCII letters and digits, then also `-` and `_`: no name looks like another one or like an
    address.
    """
    if len(text) > MAX_LENGTH or _NAME.fullmatch(text) is None or text.casefold() in _RESERVED:
        return None
    return UserName(text)
