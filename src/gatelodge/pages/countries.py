"""Countries somebody can choose where age decides: those with a rule of their own, and the rest."""

from collections.abc import Mapping

from gatelodge.pages.page import Option

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
_BY_NAME = {name.casefold(): code for code, name in COUNTRIES.items()}


def country_options() -> tuple[Option, ...]:
    """Return what a drop-down offers, by name."""
    listed = sorted(COUNTRIES.items(), key=lambda each: (each[0] == ELSEWHERE, each[1]))
    return tuple(Option(value=code, name=name) for code, name in listed)


def country_code(text: str) -> str:
    """Return the code of a country that is stored by code or name; of others that of the rest."""
    if text.upper() in COUNTRIES:
        return text.upper()
    return _BY_NAME.get(text.casefold(), ELSEWHERE)
