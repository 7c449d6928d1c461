"""Scripts of an administrator's own page."""

from dataclasses import dataclass
from enum import StrEnum

from gatelodge.model.identifier import DirectoryId


class ScriptTiming(StrEnum):
    """When a script runs (HTML §4.12.1)."""

    AT_ONCE = "atOnce"
    DEFERRED = "deferred"
    ASYNCHRONOUS = "asynchronous"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptPlace:
    """A script in the order of a template: its `digest` is SHA-256 in hexadecimal, and its name."""

    digest: str
    is_module: bool = False
    timing: ScriptTiming = ScriptTiming.AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class PageScript:
    """What such a script says, as it was when the template was given."""

    directory_id: DirectoryId
    user_flow_key: str
    page_id: str
    digest: str
    text: str
