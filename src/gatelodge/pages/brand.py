"""Whose house it is: the name, pictures, colours and links a page is dressed in."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

from gatelodge.model.branding import DEFAULT_LOCALE, BrandImage, Branding
from gatelodge.model.identifier import key_of
from gatelodge.pages.colours import style_sheet

BRAND_PATH = "/branding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link at the foot of a page; without `text` it is called by our own words."""

    string_id: str
    url: str
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """What a page is dressed in. What is None is ours."""

    name: str
    style_url: str | None = None
    logo_url: str | None = None
    dark_logo_url: str | None = None
    favicon_url: str | None = None
    background_url: str | None = None
    sign_in_text: str | None = None
    name_hint: str | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Brands:
    """The look of a directory in every language; `pictures` are digests by locale and name."""

    directory_id: str
    name: str
    brandings: Sequence[Branding] = ()
    pictures: Mapping[tuple[str, BrandImage], str]

    def brand_in(self, tag: str) -> Brand:
        """Return the look in a language: its own, else that of the wider language, else of all."""
        key = key_of(tag)
        found = self._by_locale.get(key) or self._by_locale.get(key.partition("-")[0])
        return found or self._by_locale[DEFAULT_LOCALE]

    def style_sheet(self, name: str) -> str | None:
        """Return the style sheet of a file name, None for one that is not of today."""
        return self._style_sheets.get(name)

    @cached_property
    def _merged(self) -> Mapping[str, Branding]:
        by_locale = {each.id: each for each in self.brandings}
        everywhere = by_locale.get(DEFAULT_LOCALE) or Branding(
            directory_id=self.brandings[0].directory_id if self.brandings else None,  # type: ignore[arg-type]
            id=DEFAULT_LOCALE,
        )
        merged = {each: _over(everywhere, own) for each, own in by_locale.items()}
        return {DEFAULT_LOCALE: everywhere, **merged}

    @cached_property
    def _style_sheets(self) -> Mapping[str, str]:
        found = (style_sheet(each) for each in self._merged.values())
        return {_style_name(text): text for text in found if text}

    @cached_property
    def _by_locale(self) -> Mapping[str, Brand]:
        return {locale: self._brand(each) for locale, each in self._merged.items()}

    def _brand(self, branding: Branding) -> Brand:
        text = style_sheet(branding)
        square = self._picture(branding.id, BrandImage.SQUARE_LOGO)
        banner = self._picture(branding.id, BrandImage.BANNER_LOGO)
        dark = self._picture(branding.id, BrandImage.SQUARE_LOGO_DARK)
        return Brand(
            name=self.name,
            style_url=self._url(_style_name(text)) if text else None,
            logo_url=banner or square,
            dark_logo_url=None if banner else dark,
            favicon_url=self._picture(branding.id, BrandImage.FAVICON),
            background_url=self._picture(branding.id, BrandImage.BACKGROUND_IMAGE),
            sign_in_text=branding.sign_in_page_text,
            name_hint=branding.username_hint_text,
            links=_links(branding),
        )

    def _picture(self, locale: str, name: BrandImage) -> str | None:
        digest = self.pictures.get((locale, name)) or self.pictures.get((DEFAULT_LOCALE, name))
        return None if digest is None else self._url(digest)

    def _url(self, name: str) -> str:
        return f"{BRAND_PATH}/{self.directory_id}/{name}"


def plain_brand(name: str) -> Brand:
    """Return our own look under somebody's name."""
    return Brand(name=name)


def _over(everywhere: Branding, own: Branding) -> Branding:
    said = {each.name: getattr(own, each.name) for each in fields(own)}
    return replace(everywhere, **{name: each for name, each in said.items() if each is not None})


def _links(branding: Branding) -> tuple[Link, ...]:
    both = (
        (
            "terms_of_use",
            branding.custom_terms_of_use_url,
            branding.custom_terms_of_use_text,
        ),
        (
            "privacy",
            branding.custom_privacy_and_cookies_url,
            branding.custom_privacy_and_cookies_text,
        ),
    )
    return tuple(Link(string_id=name, url=url, text=text) for name, url, text in both if url)


def _style_name(text: str) -> str:
    return f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.css"
