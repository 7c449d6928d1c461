"""Custom policies: the XML documents other services run, kept here and not run."""

from dataclasses import dataclass

from gatelodge.model.identifier import DirectoryId

MAX_POLICIES = 200
"""How many a directory may have (Graph: user flows and custom policies)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustFrameworkPolicy:
    """A document and what it calls itself; ids are compared without case."""

    directory_id: DirectoryId
    id: str
    content: str
    revision: int = 0
