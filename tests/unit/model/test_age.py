"""Who is a minor where, and who is let in: a row for each rule."""

from datetime import date

import pytest

from gatelodge.model.age import (
    RULES,
    AgeGroup,
    ConsentForMinor,
    MinorsPolicy,
    age_on,
    is_let_in,
    judge,
    legal_age_group,
)
from gatelodge.pages.countries import COUNTRIES, ELSEWHERE, country_code

TODAY = date(2026, 6, 15)
ADULT, MINOR, NOT_ADULT = AgeGroup.ADULT, AgeGroup.MINOR, AgeGroup.NOT_ADULT
GRANTED, DENIED = ConsentForMinor.GRANTED, ConsentForMinor.DENIED
FREE = ConsentForMinor.NOT_REQUIRED


@pytest.mark.parametrize(
    ("born", "age"),
    [
        ("2008-06-15", 18),
        ("2008-06-16", 17),
        ("2008-06-14", 18),
        ("2026-06-15", 0),
        ("2008-02-29", 18),
    ],
)
def test_a_year_is_over_on_the_birthday(born: str, age: int) -> None:
    assert age_on(date.fromisoformat(born), TODAY) == age


def test_who_was_born_on_a_leap_day_grows_older_in_march() -> None:
    born = date(2008, 2, 29)
    assert (age_on(born, date(2026, 2, 28)), age_on(born, date(2026, 3, 1))) == (17, 18)


@pytest.mark.parametrize(
    ("country", "years", "known", "expected"),
    [
        ("DE", 18, None, (ADULT, FREE)),
        ("DE", 17, None, (NOT_ADULT, FREE)),
        ("DE", 16, None, (NOT_ADULT, FREE)),
        ("DE", 15, None, (MINOR, DENIED)),
        ("DE", 15, GRANTED, (MINOR, GRANTED)),
        ("DE", 15, FREE, (MINOR, DENIED)),
        ("DE", 18, DENIED, (ADULT, FREE)),
        ("AT", 14, None, (NOT_ADULT, FREE)),
        ("KR", 13, None, (MINOR, DENIED)),
        ("US", 13, None, (NOT_ADULT, FREE)),
        ("US", 12, None, (MINOR, DENIED)),
        ("SG", 20, None, (MINOR, FREE)),
        ("SG", 21, None, (ADULT, FREE)),
        ("TH", 19, None, (MINOR, FREE)),
        ("TW", 20, None, (ADULT, FREE)),
        (ELSEWHERE, 17, None, (MINOR, FREE)),
        (ELSEWHERE, 18, None, (ADULT, FREE)),
    ],
)
def test_the_country_decides(
    country: str,
    years: int,
    known: ConsentForMinor | None,
    expected: tuple[AgeGroup, ConsentForMinor],
) -> None:
    assert judge(TODAY.replace(year=2026 - years), country, TODAY, known) == expected


@pytest.mark.parametrize(
    ("group", "consent", "classified", "allowed", "consenting", "adults"),
    [
        (ADULT, FREE, "Adult", True, True, True),
        (NOT_ADULT, FREE, "NotAdult", True, True, False),
        (MINOR, GRANTED, "MinorWithParentalConsent", True, True, False),
        (MINOR, DENIED, "MinorWithOutParentalConsent", True, False, False),
        (MINOR, FREE, "MinorNoParentalConsentRequired", True, True, False),
    ],
)
def test_each_policy_lets_in_whom_it_names(
    group: AgeGroup,
    consent: ConsentForMinor,
    classified: str,
    allowed: bool,
    consenting: bool,
    adults: bool,
) -> None:
    assert legal_age_group(group, consent) == classified
    found = [is_let_in(policy, group, consent) for policy in MinorsPolicy]
    assert found == [allowed, consenting, adults]


def test_what_is_not_known_is_not_classified() -> None:
    assert legal_age_group(None, None) is None
    assert legal_age_group(MINOR, None) == "Undefined"


def test_every_country_with_a_rule_can_be_chosen() -> None:
    assert set(RULES) | {ELSEWHERE} == set(COUNTRIES)


@pytest.mark.parametrize(
    ("text", "code"),
    [("de", "DE"), ("Germany", "DE"), ("GERMANY", "DE"), ("Atlantis", ELSEWHERE), ("", ELSEWHERE)],
)
def test_a_country_is_known_by_code_and_by_name(text: str, code: str) -> None:
    assert country_code(text) == code
