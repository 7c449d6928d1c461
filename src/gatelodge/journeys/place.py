"""Where an interaction takes place."""

from dataclasses import dataclass

from gatelodge.model.directory import Directory
from gatelodge.model.user_flow import UserFlow
from gatelodge.pages.language import Strings


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The directory and the user flow as they are configured now, and the person's language."""

    directory: Directory
    user_flow: UserFlow
    strings: Strings
