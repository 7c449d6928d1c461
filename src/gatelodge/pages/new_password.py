"""What is said about a new password: beforehand what it must be like, afterwards what it lacks."""

from gatelodge.model.password_rules import Breach, PasswordRules
from gatelodge.pages.page import Notice, Sentence

PHRASE_MINIMUM = 12
"""From this length on, several words are the easiest password to remember."""

BREACH_STRINGS = {
    Breach.TOO_SHORT: "error_passwordTooShort",
    Breach.TOO_LONG: "error_passwordTooLong",
    Breach.TOO_SIMPLE: "error_passwordTooSimple",
    Breach.NOT_DIGITS: "error_passwordNotDigits",
    Breach.CONTAINS_NAME: "error_passwordContainsName",
}

TOO_COMMON = Notice("error_passwordTooCommon", "newPassword")
MISMATCH = Notice("error_passwordEntryMismatch", "reenterPassword")


def rules_sentence(rules: PasswordRules) -> Sentence:
    """Name the sentence that tells a person what `rules` ask for."""
    if rules.is_digits_only:
        string_id = "password_rules_digits"
    elif rules.classes:
        string_id = "password_rules_classes"
    elif rules.minimum >= PHRASE_MINIMUM:
        string_id = "password_rules_phrase"
    else:
        string_id = "password_rules_length"
    return Sentence(string_id, _values(rules))


def breach_notice(breach: Breach, rules: PasswordRules) -> Notice:
    """Say in which way the new password falls short of `rules`."""
    return Notice(BREACH_STRINGS[breach], "newPassword", values=_values(rules))


def _values(rules: PasswordRules) -> dict[str, str]:
    return {
        "minimum": str(rules.minimum),
        "maximum": str(rules.maximum),
        "classes": str(rules.classes),
    }
