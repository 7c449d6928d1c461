"""Judge a new password as a page sent it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from gatelodge.crypto.digest import is_same
from gatelodge.crypto.known_passwords import is_known
from gatelodge.journeys.place import Place
from gatelodge.model.directory import Directory
from gatelodge.model.password_rules import breaches, rules_in
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
    return rules_sentence(rules_in(flow))


def judge_new_password(place: Place, answers: Answers, names: tuple[str, ...]) -> Judgement:
    """Return the password of `newPassword` and `reenterPassword`, or all that is wrong.

    That is with the form as well: a password that cannot be taken is told of at once, not only
    when the rest is filled in.
    """
    typed, typed_again = answers.text("newPassword"), answers.text("reenterPassword")
    password, again = (as_typed(place.directory, each) for each in (typed, typed_again))
    here = (place.directory.display_name, place.directory.domain.partition(".")[0])
    wrong = answers.notices
    if typed:
        wrong = (*wrong, *_shortcomings(place.user_flow, password, (*names, *here)))
    if typed and typed_again and not is_same(password, again):
        wrong = (*wrong, MISMATCH)
    return wrong or Accepted(password)


def _shortcomings(flow: UserFlow, password: str, names: tuple[str, ...]) -> Iterator[Notice]:
    """Yield the plainest shortcoming of a password, if it has one."""
    rules = rules_in(flow)
    found = next(breaches(rules, password, names), None)
    if found is not None:
        yield breach_notice(found, rules)
    elif is_known(password):
        yield TOO_COMMON


def as_typed(directory: Directory, password: str) -> str:
    """Return the password a person means: as it was typed, unless the directory cuts blanks off."""
    return password.strip() if directory.switches.trims_passwords else password


def names_in(email: str, *others: str) -> tuple[str, ...]:
    """Return the names a password must not contain: the mailbox, and what the person is called."""
    return (email.rpartition("@")[0], *others)
