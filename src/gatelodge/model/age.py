"""How old is old enough: who is a minor, and whose parents have to agree."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class AgeGroup(StrEnum):
    """What somebody is by age; values are Graph's `ageGroup`.

    `notAdult` is too young for everything, but old enough to agree without parents.
    """

    MINOR = "Minor"
    NOT_ADULT = "NotAdult"
    ADULT = "Adult"


class ConsentForMinor(StrEnum):
    """Whether a parent agreed; values are Graph's `consentProvidedForMinor`."""

    GRANTED = "Granted"
    DENIED = "Denied"
    NOT_REQUIRED = "NotRequired"


class MinorsPolicy(StrEnum):
    """Who of the minors is let in."""

    ALLOW_MINORS = "allowMinors"
    BLOCK_UNDER_AGE_OF_CONSENT = "blockUnderAgeOfConsent"
    BLOCK_ALL_MINORS = "blockAllMinors"


class OnBlock(StrEnum):
    """Who is told that somebody was not let in."""

    TELL_APPLICATION = "tellApplication"
    SHOW_ERROR_PAGE = "showErrorPage"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeGating:
    """Whether people are asked for their age, and what becomes of minors."""

    is_age_gating_enabled: bool = False
    minors_policy: MinorsPolicy = MinorsPolicy.BLOCK_UNDER_AGE_OF_CONSENT
    on_block: OnBlock = OnBlock.SHOW_ERROR_PAGE


NOBODY_ASKED = AgeGating()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeFacts:
    """What an interaction knows of somebody's age.

    `is_blocked` says that it ends at a page that tells so.
    """

    date_of_birth: str | None = None
    country: str | None = None
    age_group: AgeGroup | None = None
    consent: ConsentForMinor | None = None
    is_blocked: bool = False


AGE_UNKNOWN = AgeFacts()


@dataclass(frozen=True, slots=True)
class AgeRule:
    """Below `consent` parents have to agree, from `adult` on nobody has to; None: no such age."""

    consent: int | None
    adult: int


DEFAULT_RULE = AgeRule(None, 18)
RULES: Mapping[str, AgeRule] = {
    **dict.fromkeys(
        (
            *("BG", "CY", "CZ", "DE", "DK", "EE", "FR", "GR", "HR", "HU", "IT"),
            *("LT", "LU", "LV", "MT", "NL", "PT", "RO", "SI", "SK"),
        ),
        AgeRule(16, 18),
    ),
    **dict.fromkeys(("AT", "BE", "KR"), AgeRule(14, 18)),
    **dict.fromkeys(("ES", "GB", "IE", "PL", "SE", "US"), AgeRule(13, 18)),
    **dict.fromkeys(("AE", "BH", "CM", "EG", "NA", "SG", "TD"), AgeRule(None, 21)),
    **dict.fromkeys(("TH", "TW"), AgeRule(None, 20)),
}
"""By ISO 3166 code; everywhere else the default counts."""


def age_on(born: date, day: date) -> int:
    """Return how many birthdays there were after the first day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def judge(
    born: date, country: str, day: date, known: ConsentForMinor | None
) -> tuple[AgeGroup, ConsentForMinor]:
    """Return the age group, and how it stands with the parents' consent, by the country's rule.

    `known` is what an administrator wrote down; a consent nobody gave is denied.
    """
    rule, age = RULES.get(country, DEFAULT_RULE), age_on(born, day)
    if age >= rule.adult:
        return AgeGroup.ADULT, ConsentForMinor.NOT_REQUIRED
    if rule.consent is None:
        return AgeGroup.MINOR, ConsentForMinor.NOT_REQUIRED
    if age >= rule.consent:
        return AgeGroup.NOT_ADULT, ConsentForMinor.NOT_REQUIRED
    granted = known is ConsentForMinor.GRANTED
    return AgeGroup.MINOR, ConsentForMinor.GRANTED if granted else ConsentForMinor.DENIED


def is_let_in(policy: MinorsPolicy, group: AgeGroup, consent: ConsentForMinor) -> bool:
    """Return whether a user flow with this policy lets somebody of this age in."""
    match policy:
        case MinorsPolicy.ALLOW_MINORS:
            return True
        case MinorsPolicy.BLOCK_UNDER_AGE_OF_CONSENT:
            return consent is not ConsentForMinor.DENIED
        case MinorsPolicy.BLOCK_ALL_MINORS:
            return group is AgeGroup.ADULT


_CLASSIFIED = {
    ConsentForMinor.GRANTED: "MinorWithParentalConsent",
    ConsentForMinor.DENIED: "MinorWithOutParentalConsent",
    ConsentForMinor.NOT_REQUIRED: "MinorNoParentalConsentRequired",
}


def legal_age_group(group: AgeGroup | None, consent: ConsentForMinor | None) -> str | None:
    """Return what follows for the law; values are Graph's `legalAgeGroupClassification`."""
    if group is None:
        return None
    if group is not AgeGroup.MINOR:
        return str(group)
    return "Undefined" if consent is None else _CLASSIFIED[consent]
