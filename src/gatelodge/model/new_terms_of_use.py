"""Rules for the terms of use of a user flow."""

from collections.abc import Iterator

from gatelodge.errors import Problem
from gatelodge.model.user_flow import UserFlow, UserFlowType
from gatelodge.model.web_address import web_address_problem

_NAME = "termsOfUseConfiguration"
ASKED_IN = frozenset({UserFlowType.SIGN_UP, UserFlowType.SIGN_IN, UserFlowType.SIGN_UP_OR_SIGN_IN})
"""Which types of user flow ask for terms at all; a test holds them to the journeys."""


def terms_problems(flow: UserFlow, *, is_development: bool) -> Iterator[Problem]:
    """Yield what is wrong with the terms of use of a user flow."""
    terms = flow.terms_of_use_configuration
    addresses = {
        "termsOfUseUrl": terms.terms_of_use_url,
        "privacyStatementUrl": terms.privacy_statement_url,
    }
    for name, address in addresses.items():
        if address is None:
            continue
        if (wrong := web_address_problem(address, is_development=is_development)) is not None:
            yield Problem(f"{_NAME}/{name}", f"The value of '{name}' {wrong}")
    if not terms.version.strip():
        yield Problem(f"{_NAME}/version", "The version must not be empty.")
    if terms.is_acceptance_required and flow.user_flow_type not in ASKED_IN:
        sentence = (
            "Terms of use are accepted at sign-up and sign-in, not in this type of user flow."
        )
        yield Problem(f"{_NAME}/isAcceptanceRequired", sentence)
    elif terms.is_acceptance_required and terms.terms_of_use_url is None:
        sentence = "Without an address people could not read what they accept."
        yield Problem(f"{_NAME}/termsOfUseUrl", sentence)
