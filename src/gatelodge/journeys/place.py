"""Where an interaction takes place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from gatelodge.model.directory import Directory
from gatelodge.model.user_flow import UserFlow
from gatelodge.pages.language import Strings

LinkTo: TypeAlias = Callable[[str], str]
"""Make the address of a page on which a code that was sent has only to be confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The directory and the user flow as they are configured now, and the person's language."""

    directory: Directory
    user_flow: UserFlow
    strings: Strings
    origin: str
    link_to: LinkTo | None = None
