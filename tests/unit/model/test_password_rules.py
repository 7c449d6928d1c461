import pytest

from gatelodge.model.password_rules import (
    DIRECTORY_RULES,
    Breach,
    PasswordRules,
    breaches,
    rules_of,
)
from gatelodge.model.user_flow import CustomPassword, PasswordConfiguration
from gatelodge.model.user_flow import PasswordComplexity as Level

DIGITS = PasswordRules(minimum=4, maximum=6, is_digits_only=True)


def of(level: Level, **custom: int | bool) -> PasswordRules:
    configured = CustomPassword(**custom)  # type: ignore[arg-type]
    return rules_of(PasswordConfiguration(complexity_level=level, custom_configuration=configured))


@pytest.mark.parametrize(
    ("level", "password", "found"),
    [
        (Level.STRONG, "abcdefgh", [Breach.TOO_SIMPLE]),
        (Level.STRONG, "Abcdefg1", []),
        (Level.STRONG, "abcdef1!", []),
        (Level.STRONG, "ABCDEFG!", [Breach.TOO_SIMPLE]),
        (Level.STRONG, "Abcdef1", [Breach.TOO_SHORT]),
        (Level.STRONG, "Ab1" + "x" * 61, []),
        (Level.STRONG, "Ab1" + "x" * 62, [Breach.TOO_LONG]),
        (Level.STRONG, "", [Breach.TOO_SHORT, Breach.TOO_SIMPLE]),
        (Level.STRONG, "ключЖЯ12", []),
        (Level.STRONG, "Abc def g", []),
        (Level.SIMPLE, "abcdefgh", []),
        (Level.SIMPLE, "abcdefg", [Breach.TOO_SHORT]),
        (Level.SIMPLE, "a" * 65, [Breach.TOO_LONG]),
        (Level.NIST, "a" * 14, [Breach.TOO_SHORT]),
        (Level.NIST, "a" * 15, []),
        (Level.NIST, "a" * 256, []),
        (Level.NIST, "a" * 257, [Breach.TOO_LONG]),
    ],
)
def test_a_password_is_judged_by_the_level(
    level: Level, password: str, found: list[Breach]
) -> None:
    assert list(breaches(of(level), password, ())) == found


@pytest.mark.parametrize("level", Level)
def test_every_level_has_rules(level: Level) -> None:
    assert of(level).minimum >= 8


@pytest.mark.parametrize(
    ("custom", "rules"),
    [
        ({}, PasswordRules(minimum=8, maximum=64, classes=3)),
        (
            {"minimum_length": 4, "maximum_length": 256, "minimum_character_classes_required": 0},
            PasswordRules(minimum=4, maximum=256),
        ),
        (
            {"minimum_length": 4, "maximum_length": 6, "restrict_to_numbers_only": True},
            DIGITS,
        ),
    ],
)
def test_a_custom_level_has_its_own_rules(
    custom: dict[str, int | bool], rules: PasswordRules
) -> None:
    assert of(Level.CUSTOM, **custom) == rules
    assert of(Level.SIMPLE, **custom) == PasswordRules(minimum=8, maximum=64)


def test_an_administrator_may_set_a_longer_one() -> None:
    assert list(breaches(DIRECTORY_RULES, "Ab1" + "x" * 253, ())) == []


@pytest.mark.parametrize(
    ("password", "found"),
    [("1234", []), ("12a4", [Breach.NOT_DIGITS]), ("1234567", [Breach.TOO_LONG])],
)
def test_digits_only_takes_digits_only(password: str, found: list[Breach]) -> None:
    assert list(breaches(DIGITS, password, ())) == found


@pytest.mark.parametrize(
    ("password", "name", "is_refused"),
    [
        ("Lovelace1!", "lovelace", True),
        ("1!LOVELACE", "lovelace", True),
        ("Lovelace and the engine 1", "lovelace", False),
        ("Ada-12345678", "ada", False),
    ],
)
def test_little_more_than_a_name_is_refused(password: str, name: str, is_refused: bool) -> None:
    found = list(breaches(of(Level.STRONG), password, (name,)))
    assert found == ([Breach.CONTAINS_NAME] if is_refused else [])
