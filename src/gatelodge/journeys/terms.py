"""Terms of use in a journey: when they are asked for, and what becomes of the answer."""

from dataclasses import replace
from datetime import datetime

from gatelodge.model.account import Account
from gatelodge.model.interaction import Facts, Interaction
from gatelodge.model.terms_of_use import TermsFacts, with_version
from gatelodge.model.user_flow import UserFlow
from gatelodge.pages.form import Answers
from gatelodge.pages.page import Field
from gatelodge.pages.terms_of_use import TERMS, terms_field


def terms_unaccepted(flow: UserFlow, interaction: Interaction) -> bool:
    """Hold when somebody is identified who is not known to have accepted the terms of today."""
    terms, facts = flow.terms_of_use_configuration, interaction.facts
    is_known = facts.terms.version == terms.version
    return facts.account_id is not None and terms.is_acceptance_required and not is_known


def terms_asked(flow: UserFlow) -> tuple[Field, ...]:
    """Return the box a form for new people ends with, if the user flow wants one."""
    terms = flow.terms_of_use_configuration
    return (terms_field(terms),) if terms.is_acceptance_required else ()


def with_answer(flow: UserFlow, facts: Facts, answers: Answers) -> Facts:
    """Return the facts after a form that ended with the box, which was set or not there."""
    if not answers.text(TERMS):
        return facts
    return replace(facts, terms=TermsFacts(version=flow.terms_of_use_configuration.version))


def with_terms(account: Account, version: str | None, now: datetime) -> Account:
    """Return an account with the version its owner accepted just now, if there is one."""
    if version is None:
        return account
    accepted = with_version(account.terms_of_use_acceptances, version, now)
    return replace(account, accepted_terms=accepted)
