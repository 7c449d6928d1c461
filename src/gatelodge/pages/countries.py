"""Countries somebody can choose: all of them, or where age decides those with their own rule."""

from collections.abc import Mapping

from gatelodge.pages.page import Option, Sentence
from gatelodge.pages.telephone_regions import REGION_NAMES

ELSEWHERE = "ZZ"
"""The code ISO 3166 leaves to whoever needs one for a country that is not listed."""

COUNTRIES: Mapping[str, str] = {
    "AE": "United Arab Emirates",
    "AT": "Austria",
    "BE": "Belgium",
    "BG": "Bulgaria",
    "BH": "Bahrain",
    "CM": "Cameroon",
    "CY": "Cyprus",
    "CZ": "Czechia",
    "DE": "Germany",
    "DK": "Denmark",
    "EE": "Estonia",
    "EG": "Egypt",
    "ES": "Spain",
    "FR": "France",
    "GB": "United Kingdom",
    "GR": "Greece",
    "HR": "Croatia",
    "HU": "Hungary",
    "IE": "Ireland",
    "IT": "Italy",
    "KR": "South Korea",
    "LT": "Lithuania",
    "LU": "Luxembourg",
    "LV": "Latvia",
    "MT": "Malta",
    "NA": "Namibia",
    "NL": "Netherlands",
    "PL": "Poland",
    "PT": "Portugal",
    "RO": "Romania",
    "SE": "Sweden",
    "SG": "Singapore",
    "SI": "Slovenia",
    "SK": "Slovakia",
    "TD": "Chad",
    "TH": "Thailand",
    "TW": "Taiwan",
    "US": "United States",
    ELSEWHERE: "Another country or region",
}
_BY_NAME = {
    name.casefold(): code
    for names in (COUNTRIES, REGION_NAMES)
    for code, name in names.items()
    if code != ELSEWHERE
}
_NOT_COUNTRIES = frozenset({"AC", "TA"})
"""Regions of telephone numbers that ISO 3166-1 counts with another country."""


def country_options() -> tuple[Option, ...]:
    """Return the countries with a rule of their own, by code, and what is chosen for the rest."""
    listed = tuple(
        Option(value=code, name=name, region=code)
        for code, name in COUNTRIES.items()
        if code != ELSEWHERE
    )
    rest = Option(value=ELSEWHERE, name=COUNTRIES[ELSEWHERE], words=Sentence("country_elsewhere"))
    return (*listed, rest)


def attribute_options(stored: str | None) -> tuple[Option, ...]:
    """Return every country for the attribute, which holds its English name.

    The one that is `stored`, by name or by code, is selected.
    """
    selected = None if stored is None else _code_of(stored)
    return tuple(
        Option(value=name, name=name, region=code, is_selected=code == selected)
        for code, name in REGION_NAMES.items()
        if code not in _NOT_COUNTRIES
    )


def country_code(text: str) -> str:
    """Return the code of a country that is stored by code or name; of others that of the rest."""
    code = _code_of(text)
    return code if code in COUNTRIES else ELSEWHERE


def _code_of(text: str) -> str:
    code = text.upper()
    return code if code in REGION_NAMES else _BY_NAME.get(text.casefold(), ELSEWHERE)
