"""How the pages of a user flow are laid out: which version of the layout, and whose template."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLayout:
    """What an administrator said about the layout of a page; without `page_uri` it is our own."""

    id: str
    version: str
    page_uri: str | None = None
