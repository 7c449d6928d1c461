"""The strings of one page in one language, in the file format Graph serves and accepts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gatelodge.errors import Invalid, Problem

MAX_PAGE_OCTETS = 262_144
MAX_ENTRIES = 1000
MAX_TEXT = 4000
MAX_NAME = 256


class ElementType(StrEnum):
    """Say what kind of element a string belongs to."""

    UX_ELEMENT = "UxElement"
    CLAIM_TYPE = "ClaimType"
    ERROR_MESSAGE = "ErrorMessage"
    DISPLAY_CONTROL = "DisplayControl"
    PREDICATE = "Predicate"
    CLAIMS_PROVIDER = "ClaimsProvider"


@dataclass(frozen=True, slots=True)
class Element:
    """Name one string of a page."""

    element_type: ElementType
    element_id: str | None
    string_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguagePage:
    """Hold the strings of one page, and the shown names of a field's options by their value."""

    strings: Mapping[Element, str]
    option_names: Mapping[str, Mapping[str, str]]


def parse_language_page(document: object, *, only_overrides: bool = False) -> LanguagePage:
    """Read a page file that JSON has already decoded.

    `only_overrides` leaves out the entries whose `Override` is not true, as an upload asks.
    Raises `Invalid` when the document has another shape.
    """
    if not isinstance(document, dict):
        raise _wrong("", "The page must be a JSON object.")
    strings: dict[Element, str] = {}
    for entry in _entries(document, "LocalizedStrings", only_overrides):
        element = _element(entry)
        if element in strings:
            raise _wrong("LocalizedStrings", f"{_named(element)} is given twice.")
        strings[element] = _bounded(entry, "Value")
    names: dict[str, dict[str, str]] = {}
    for entry in _entries(document, "LocalizedCollections", only_overrides):
        owner = _bounded(entry, "ElementId")
        if owner in names:
            raise _wrong("LocalizedCollections", f"The collection of '{owner}' is given twice.")
        names[owner] = _option_names(owner, _listed(entry, "Items"))
    return LanguagePage(strings=strings, option_names=names)


def _option_names(owner: str, items: list[dict[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in items:
        value = _bounded(item, "Value")
        if value in found:
            raise _wrong("Items", f"The value '{value}' of '{owner}' is given twice.")
        found[value] = _bounded(item, "Name")
    return found


def _named(element: Element) -> str:
    names = (element.element_type, element.element_id or "", element.string_id)
    return f"The string '{'/'.join(each for each in names if each)}'"


def _element(entry: dict[str, Any]) -> Element:
    kind, owner = _text(entry, "ElementType"), entry.get("ElementId")
    if kind not in set(ElementType):
        raise _wrong("ElementType", f"There is no element type '{kind}'.")
    if owner is not None and not isinstance(owner, str):
        raise _wrong("ElementId", "ElementId must be a string or null.")
    if owner is not None and len(owner) > MAX_NAME:
        raise _wrong("ElementId", f"ElementId may have at most {MAX_NAME} characters.")
    name = _text(entry, "StringId")
    if len(name) > MAX_NAME:
        raise _wrong("StringId", f"StringId may have at most {MAX_NAME} characters.")
    return Element(ElementType(kind), owner or None, name)


def _entries(document: dict[str, Any], name: str, only_overrides: bool) -> Iterator[dict[str, Any]]:
    for entry in _listed(document, name):
        if entry.get("Override") is True or not only_overrides:
            yield entry


def _listed(owner: dict[str, Any], name: str) -> list[dict[str, Any]]:
    entries = owner.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise _wrong(name, f"{name} must be a list of objects.")
    if len(entries) > MAX_ENTRIES:
        raise _wrong(name, f"{name} may have at most {MAX_ENTRIES} entries.")
    return entries


def _bounded(entry: dict[str, Any], name: str) -> str:
    text = _text(entry, name)
    if len(text) > MAX_TEXT:
        raise _wrong(name, f"{name} may have at most {MAX_TEXT} characters.")
    return text


def _text(entry: dict[str, Any], name: str) -> str:
    text = entry.get(name)
    if not isinstance(text, str):
        raise _wrong(name, f"{name} must be a string.")
    return text


def _wrong(target: str, message: str) -> Invalid:
    return Invalid(Problem(target, message))
