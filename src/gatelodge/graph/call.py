"""One request to the control plane and its answer, as values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from gatelodge.graph.access import Caller
from gatelodge.graph.path import Target
from gatelodge.graph.query import Pairs
from gatelodge.graph.representation import Style

EVERY_MEMBER = "include-unknown-enum-members"
"""The preference of a client that can read members it does not know."""
_PREFERENCE = re.compile(r"\s*([\w.-]+)\s*(?:=\s*\"?([\w.-]*)\"?)?\s*", re.ASCII)


class Metadata(Enum):
    """How many annotations an answer carries (OData JSON Format 4.01 §4.5)."""

    NONE = "none"
    MINIMAL = "minimal"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request whose caller and target are known. `root` is origin and version.

    `only_owned` says that the caller may do this only to what it owns.
    """

    root: str
    target: Target
    caller: Caller
    correlation_id: str
    pairs: Pairs = ()
    body: Mapping[str, Any] = field(default_factory=dict)
    octets: bytes = b""
    preferences: Mapping[str, str] = field(default_factory=dict)
    metadata: Metadata = Metadata.MINIMAL
    if_match: str | None = None
    only_owned: bool = False

    @property
    def style(self) -> Style:
        """Return how the answer is written: for a version, and for what the client can read."""
        return Style(
            is_beta=self.root.endswith("/beta"),
            hides_later_members=EVERY_MEMBER not in self.preferences,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is sent back: a JSON object, text, octets of a media type, or nothing."""

    status: int = 200
    content: Mapping[str, Any] | None = None
    text: str | None = None
    octets: bytes | None = None
    media_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def read_preferences(values: Sequence[str]) -> dict[str, str]:
    """Return the preferences of `Prefer` headers by name in lower case (RFC 7240)."""
    found: dict[str, str] = {}
    for piece in ",".join(values).split(",")[:20]:
        if (preference := _PREFERENCE.fullmatch(piece)) is not None:
            found.setdefault(preference[1].lower(), preference[2] or "")
    return found


def read_metadata(accept: str) -> Metadata:
    """Return the level an `Accept` header asks for; anything unknown is minimal."""
    found = re.search(r"odata\.metadata=(none|minimal|full)\b", accept, re.I | re.ASCII)
    return Metadata(found[1].lower()) if found else Metadata.MINIMAL
