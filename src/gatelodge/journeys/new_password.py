"""Judge a new password as a page sent it."""

from dataclasses import dataclass
from typing import TypeAlias

from gatelodge.crypto.digest import is_same
from gatelodge.crypto.known_passwords import is_known
from gatelodge.model.password_rules import breaches, rules_of
from gatelodge.model.user_flow import UserFlow
from gatelodge.pages.form import Answers
from gatelodge.pages.new_password import MISMATCH, TOO_COMMON, breach_notice, rules_sentence
from gatelodge.pages.page import Notice, Sentence

Judgement: TypeAlias = "Accepted | tuple[Notice, ...]"


@dataclass(frozen=True, slots=True, repr=False)
class Accepted:
    """A password that may be stored."""

    password: str


def rules_told(flow: UserFlow) -> Sentence:
    """Return the sentence that tells a person the rules of this user flow."""
    return rules_sentence(rules_of(flow.password_complexity_configuration))


def judge_new_password(flow: UserFlow, answers: Answers, names: tuple[str, ...]) -> Judgement:
    """Return the password of `newPassword` and `reenterPassword`, or what is wrong with it."""
    password = answers.text("newPassword")
    if not is_same(password, answers.text("reenterPassword")):
        return (MISMATCH,)
    rules = rules_of(flow.password_complexity_configuration.complexity_level)
    found = next(breaches(rules, password, names), None)
    if found is not None:
        return (breach_notice(found, rules),)
    return (TOO_COMMON,) if is_known(password) else Accepted(password)


def names_in(email: str, *others: str) -> tuple[str, ...]:
    """Return the names a password must not contain: the mailbox, and what the person is called."""
    return (email.rpartition("@")[0], *others)
