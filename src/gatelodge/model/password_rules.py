"""What a new password must be like."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from gatelodge.model.user_flow import (
    PasswordComplexity,
    PasswordConfiguration,
    SecondFactorState,
    UserFlow,
)


class Breach(StrEnum):
    """How a password can fall short."""

    TOO_SHORT = "tooShort"
    TOO_LONG = "tooLong"
    TOO_SIMPLE = "tooSimple"
    NOT_DIGITS = "notDigits"
    CONTAINS_NAME = "containsName"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordRules:
    """Lengths in characters; `classes` of lower case, upper case, digits and symbols."""

    minimum: int
    maximum: int
    classes: int = 0
    is_digits_only: bool = False


_RULES = {
    PasswordComplexity.SIMPLE: PasswordRules(minimum=8, maximum=64),
    PasswordComplexity.STRONG: PasswordRules(minimum=8, maximum=64, classes=3),
    PasswordComplexity.NIST: PasswordRules(minimum=15, maximum=256),
}

_MINIMUM_WITH_FACTOR = 8
_SHORTEST_NAME = 4

DIRECTORY_RULES = PasswordRules(minimum=8, maximum=256, classes=3)
"""What an administrator who sets a password has to keep to."""


def rules_of(configuration: PasswordConfiguration) -> PasswordRules:
    """Return the rules a user flow's configuration stands for."""
    if configuration.complexity_level is not PasswordComplexity.CUSTOM:
        return _RULES[configuration.complexity_level]
    custom = configuration.custom_configuration
    is_digits_only = custom.restrict_to_numbers_only
    return PasswordRules(
        minimum=custom.minimum_length,
        maximum=custom.maximum_length,
        classes=0 if is_digits_only else custom.minimum_character_classes_required,
        is_digits_only=is_digits_only,
    )


def rules_in(flow: UserFlow) -> PasswordRules:
    """Return the rules for new passwords of a user flow.

    A password that is never enough alone may be shorter (NIST SP 800-63B-4 §3.1.1.2).
    """
    configuration = flow.password_complexity_configuration
    rules = rules_of(configuration)
    state = flow.multifactor_authentication_configuration.multifactor_authentication_state
    is_nist = configuration.complexity_level is PasswordComplexity.NIST
    if is_nist and state is SecondFactorState.ON:
        return replace(rules, minimum=_MINIMUM_WITH_FACTOR)
    return rules


def breaches(rules: PasswordRules, password: str, names: tuple[str, ...]) -> Iterator[Breach]:
    """Yield what is wrong with a new password, the plainest trouble first.

    `names` are what the person is called here; a password that is little more than one of them
    is refused (NIST SP 800-63B-4 §3.1.1.2).
    """
    if len(password) < rules.minimum:
        yield Breach.TOO_SHORT
    if len(password) > rules.maximum:
        yield Breach.TOO_LONG
    if rules.is_digits_only and not password.isdecimal():
        yield Breach.NOT_DIGITS
    if _classes(password) < rules.classes:
        yield Breach.TOO_SIMPLE
    if any(_is_little_more_than(name.casefold(), password.casefold()) for name in names):
        yield Breach.CONTAINS_NAME


def _is_little_more_than(name: str, password: str) -> bool:
    if len(name) < _SHORTEST_NAME or name not in password:
        return False
    rest = password.replace(name, "")
    return sum(each.isalnum() for each in rest) < _SHORTEST_NAME


def _classes(password: str) -> int:
    return sum(
        (
            any(each.islower() for each in password),
            any(each.isupper() for each in password),
            any(each.isdecimal() for each in password),
            any(not each.isalnum() for each in password),
        )
    )
