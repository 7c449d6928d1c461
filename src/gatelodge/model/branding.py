"""What a directory looks like to people: its colours, pictures and links."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gatelodge.model.identifier import DirectoryId

DEFAULT_LOCALE = "0"
"""The id of what counts in every language that says nothing else."""


class BrandImage(StrEnum):
    """The pictures of a brand."""

    BANNER_LOGO = "bannerLogo"
    SQUARE_LOGO = "squareLogo"
    SQUARE_LOGO_DARK = "squareLogoDark"
    FAVICON = "favicon"
    BACKGROUND_IMAGE = "backgroundImage"


LARGEST_OCTETS: Mapping[BrandImage, int] = {
    BrandImage.BANNER_LOGO: 50_000,
    BrandImage.SQUARE_LOGO: 50_000,
    BrandImage.SQUARE_LOGO_DARK: 50_000,
    BrandImage.FAVICON: 50_000,
    BrandImage.BACKGROUND_IMAGE: 300_000,
}

_BEGINNINGS: Mapping[bytes, str] = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"\x00\x00\x01\x00": "image/x-icon",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Branding:
    """The look of the pages in the language `id`, or in all of them.

    Colours are `#rrggbb`. `background_color` is that of the front of the house, `accent_color`
    that of what is pressed. What is None is said by the default locale, else by us.
    """

    directory_id: DirectoryId
    id: str
    background_color: str | None = None
    accent_color: str | None = None
    sign_in_page_text: str | None = None
    username_hint_text: str | None = None
    custom_terms_of_use_text: str | None = None
    custom_terms_of_use_url: str | None = None
    custom_privacy_and_cookies_text: str | None = None
    custom_privacy_and_cookies_url: str | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandPicture:
    """A picture of a brand, as it was sent; `digest` names its content."""

    directory_id: DirectoryId
    locale: str
    name: BrandImage
    media_type: str
    digest: str
    content: bytes


def picture_type(octets: bytes) -> str | None:
    """Return the media type of a picture that browsers show and that holds no script, or None."""
    if octets.startswith(b"RIFF") and octets[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _BEGINNINGS.items() if octets.startswith(start)), None)
