"""Which language a page is shown in, and what its sentences are there."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute

from gatelodge.model.language import BUILT_IN_LANGUAGES
from gatelodge.pages.language_page import Element, ElementType, LanguagePage, parse_language_page
from gatelodge.pages.packaged import english_pages, translations_into
from gatelodge.pages.page import Field, PageId, Sentence

FRAME = "frame"
"""Where the strings are kept that surround every page."""

OTHER_NAMES: Mapping[str, str] = {
    "iw": "he",
    "nn": "nb",
    "no": "nb",
    "pt": "pt-br",
    "zh": "zh-hans",
    "zh-cn": "zh-hans",
    "zh-hk": "zh-hant",
    "zh-mo": "zh-hant",
    "zh-sg": "zh-hans",
    "zh-tw": "zh-hant",
}
"""What browsers call a language whose pages are kept under another tag (CLDR, likely subtags)."""

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur", "yi"})

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Strings:
    """Hold every sentence in one language, an administrator's overrides above the packaged ones.

    Keys are page ids, `FRAME`, and the ids of messages sent by mail. `pages` are English;
    `translations` say each of their sentences in this language.
    """

    tag: str
    pages: Mapping[str, LanguagePage]
    overrides: Mapping[str, LanguagePage] = attribute(default_factory=dict)
    translations: Mapping[str, str] = attribute(default_factory=dict)

    @property
    def direction(self) -> str:
        """Return `rtl` or `ltr`, as the `dir` of a document."""
        return "rtl" if self.tag.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"

    def text(self, page_id: str, sentence: Sentence) -> str:
        """Return a sentence of a page, its placeholders filled in.

        Raises `KeyError` when the page has no such string.
        """
        for element_type in _SENTENCES:
            for owner in _OWNERS[element_type]:
                found = self._find(page_id, Element(element_type, owner, sentence.string_id))
                if found is not None:
                    values = {name: self.isolated(it) for name, it in sentence.values.items()}
                    return fill_in(found, values)
        raise KeyError(page_id, sentence.string_id)

    def isolated(self, text: str) -> str:
        """Return a text that keeps its own direction among words written the other way."""
        return text if self.direction == "ltr" else f"\u2068{text}\u2069"

    def label(self, page_id: PageId, field: Field) -> str:
        """Return a field's label: overridden, else the administrator's, else the packaged one."""
        element = Element(ElementType.CLAIM_TYPE, field.id, "DisplayName")
        overridden = _in(self.overrides, page_id, element)
        return overridden or field.label or self._packaged(page_id, element) or field.id

    def hint(self, page_id: PageId, field: Field) -> str | None:
        """Return the help text of a field, None when it has none."""
        if field.hint is not None:
            return self.text(page_id, field.hint)
        return self._find(page_id, Element(ElementType.CLAIM_TYPE, field.id, "UserHelpText"))

    def option_name(self, page_id: PageId, field: Field, value: str, name: str) -> str:
        """Return how an option is shown: overridden, else the name it came with."""
        page = self.overrides.get(page_id)
        return page.option_names.get(field.id, {}).get(value, name) if page else name

    def sentences(self, page_id: str) -> Mapping[str, str]:
        """Return every sentence of a page by its string id, placeholders as they stand."""
        elements = self.pages[page_id].strings
        return {
            each.string_id: self._find(page_id, each) or ""
            for each in elements
            if each.element_type in _SENTENCES
        }

    def _find(self, page_id: str, element: Element) -> str | None:
        overridden = _in(self.overrides, page_id, element)
        return overridden if overridden is not None else self._packaged(page_id, element)

    def _packaged(self, page_id: str, element: Element) -> str | None:
        english = _in(self.pages, page_id, element)
        return None if english is None else self.translations.get(english, english)


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Replace each `{name}` that has a value; anything else in braces stays as it is."""
    # Not `str.format`: the text may be an administrator's, and a format can reach into objects.
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def load_packaged_strings() -> Mapping[str, Strings]:
    """Return the packaged languages, by tag in lower case."""
    pages = {name: parse_language_page(page) for name, page in english_pages().items()}
    return {
        tag: Strings(tag=tag, pages=pages, translations=translations_into(tag))
        for tag in BUILT_IN_LANGUAGES
    }


def choose_language(
    *, ui_locales: str = "", accept_language: str = "", offered: Container[str], default: str
) -> str:
    """Return the offered tag the person asked for, else `default`. Offered ones are in lower case.

    `ui_locales` (OIDC Core §3.1.2.1) comes before the browser's `Accept-Language`. Each wish is
    shortened until it matches (RFC 4647 §3.4), by its other name too; malformed wishes are passed
    over.
    """
    for wish in (*ui_locales.split()[:20], *_by_quality(accept_language)):
        parts = wish.lower().split("-")
        for length in range(min(len(parts), 8), 0, -1):
            shortened = "-".join(parts[:length])
            for found in (shortened, OTHER_NAMES.get(shortened, "")):
                if found in offered:
                    return found
    return default


def _by_quality(accept_language: str) -> list[str]:
    if not accept_language:
        return []
    wishes: list[tuple[float, str]] = []
    for item in accept_language.split(",")[:20]:
        tag, _, parameter = item.partition(";")
        match = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", parameter, re.ASCII)
        quality = float(match[1]) if match else 1.0 if not parameter.strip() else 0.0
        if quality > 0:
            wishes.append((quality, tag.strip()))
    return [tag for _, tag in sorted(wishes, key=lambda wish: -wish[0])]


def _in(pages: Mapping[str, LanguagePage], page_id: str, element: Element) -> str | None:
    page = pages.get(page_id)
    return page.strings.get(element) if page else None


_SENTENCES = (ElementType.UX_ELEMENT, ElementType.ERROR_MESSAGE, ElementType.DISPLAY_CONTROL)
_OWNERS: Mapping[ElementType, tuple[str | None, ...]] = {
    ElementType.UX_ELEMENT: (None,),
    ElementType.ERROR_MESSAGE: (None,),
    ElementType.DISPLAY_CONTROL: ("emailVerificationControl",),
}
