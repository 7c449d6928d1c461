"""The page on which a new person gives a password and attributes, from what is known so far."""

from gatelodge.journeys.local_account import identifier_of
from gatelodge.journeys.new_password import rules_told
from gatelodge.journeys.terms import terms_asked
from gatelodge.model.attribute import AttributeAssignment, built_in
from gatelodge.model.interaction import Facts
from gatelodge.model.user_flow import UserFlow
from gatelodge.pages.attributes import attribute_field, shown_fields
from gatelodge.pages.catalogue import (
    Identifier,
    VerificationStage,
    phone_sign_up_page,
    sign_up_page,
)
from gatelodge.pages.page import Notice, Page

ALREADY_EXISTS = "UserMessageIfClaimsPrincipalAlreadyExists"


def is_address_settled(flow: UserFlow, facts: Facts) -> bool:
    """Return whether the address was proved, so that it is not asked for again."""
    is_always = flow.is_email_verification_required or not flow.takes_passwords
    return is_always or facts.is_email_proved


def _given(facts: Facts, assignment: AttributeAssignment) -> tuple[str, ...] | None:
    """Return what is known of an attribute already; None when nothing is."""
    attribute = built_in(assignment.id)
    return facts.collected.get(attribute.id if attribute else assignment.id)


def sign_up_form(flow: UserFlow, facts: Facts, *, notices: tuple[Notice, ...] = ()) -> Page:
    """Return the page; without verification it asks for the address as well."""
    attributes = tuple(
        attribute_field(each, value=_given(facts, each))
        for each in flow.attributes
        if each.id.casefold() != "email"
    )
    attributes = (*shown_fields(attributes), *terms_asked(flow))
    if flow.signs_in_by_phone:
        return phone_sign_up_page(phone=facts.phone or "", attributes=attributes, notices=notices)
    return sign_up_page(
        stage=VerificationStage.VERIFIED if is_address_settled(flow, facts) else None,
        email=facts.email or "",
        user_name=facts.user_name or "" if identifier_of(flow) is Identifier.USER_ID else None,
        attributes=attributes,
        password_rules=rules_told(flow) if flow.takes_passwords else None,
        notices=notices,
    )
