"""What countries are called in a language, as the CLDR has it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError

_FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Territory:
    """A country's name in one language, and its place among the names of that language."""

    name: str
    place: int


@lru_cache(maxsize=64)
def territories_in(tag: str) -> Mapping[str, Territory]:
    """Return every territory by its two letters (ISO 3166-1), named in a language.

    Reading a language takes some milliseconds, once. One that is not known is English.
    """
    found = {code: name for code, name in _locale(tag).territories.items() if len(code) == 2}
    ordered = sorted(found.items(), key=lambda each: (_folded(each[1]), each[0]))
    return {code: Territory(name, place) for place, (code, name) in enumerate(ordered)}


def _locale(tag: str) -> Locale:
    parts = tag.split("-")
    for length in range(len(parts), 0, -1):
        try:
            return Locale.parse("-".join(parts[:length]), sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(_FALLBACK)


def _folded(name: str) -> str:
    """Return a name as it is sorted: without marks, so that Österreich is found under O."""
    apart = unicodedata.normalize("NFKD", name)
    return "".join(each for each in apart if not unicodedata.combining(each)).casefold()
