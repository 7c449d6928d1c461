"""Telephone numbers: how people write them, how they are kept and how they are shown."""

from functools import cache

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

_LONGEST = 32
_COSTLY = frozenset(
    {
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PAGER,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)
"""Numbers that earn somebody money, or that nobody carries along."""

_SHOWN_DIGITS = 4


def parse_telephone(text: str, region: str | None = None) -> str | None:
    """Return the number in E.164, None when it is none that a person can be reached at.

    A number without its country's code is one of `region` (ISO 3166-1, two letters).
    """
    if len(text) > _LONGEST:
        return None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    if phonenumbers.number_type(number) in _COSTLY:
        return None
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def region_of(number: str) -> str:
    """Return the region a number in E.164 belongs to; "" for none."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""


def mask_telephone(number: str) -> str:
    """Return a number as it is shown to somebody who has not proved anything yet."""
    return f"XXX-XXX-{number[-_SHOWN_DIGITS:]}"


def spaced_telephone(number: str) -> str:
    """Return a number as Graph writes it: the country's code apart from the rest."""
    parsed = phonenumbers.parse(number)
    return f"+{parsed.country_code} {number.removeprefix(f'+{parsed.country_code}')}"


def calling_code_of(region: str) -> str:
    """Return the code that is dialled for a region, without the plus."""
    return str(phonenumbers.country_code_for_region(region))


@cache
def regions() -> tuple[str, ...]:
    """Return every region whose numbers are understood, in alphabetical order."""
    return tuple(sorted(phonenumbers.SUPPORTED_REGIONS))
