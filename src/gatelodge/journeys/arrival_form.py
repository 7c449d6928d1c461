"""The page on which somebody a provider sent adds what the provider did not say."""

from dataclasses import replace

from gatelodge.journeys.local_account import may_link
from gatelodge.journeys.terms import terms_asked
from gatelodge.model.attribute import AttributeAssignment, built_in
from gatelodge.model.federation import Arrival
from gatelodge.model.interaction import Facts
from gatelodge.model.user_flow import UserFlow
from gatelodge.pages.attributes import attribute_field, shown_fields
from gatelodge.pages.catalogue import social_sign_up_page
from gatelodge.pages.page import Field, InputKind, Notice, Page

EMAIL = "email"


def arrival_form(
    flow: UserFlow, facts: Facts, arrival: Arrival, *, notices: tuple[Notice, ...] = ()
) -> Page:
    """Return the page; it has no field where the user flow asks for nothing."""
    page = social_sign_up_page(
        attributes=shown_fields(
            _as_address(attribute_field(each, value=_given(facts, arrival, each)))
            for each in flow.attributes
        )
        + terms_asked(flow),
        offers_linking=may_link(flow),
    )
    return replace(page, notices=notices)


def _given(
    facts: Facts, arrival: Arrival, assignment: AttributeAssignment
) -> tuple[str, ...] | str | None:
    """Return what is known of an attribute: what was typed or a connector said goes first."""
    attribute = built_in(assignment.id)
    known = facts.collected.get(attribute.id if attribute else assignment.id)
    return arrival.attributes.get(assignment.id) if known is None else known


def _as_address(field: Field) -> Field:
    """Return the field of an email address as one; others as they are."""
    if field.id != EMAIL or not field.is_editable:
        return field
    return replace(field, kind=InputKind.EMAIL, max_length=254, autocomplete="email")
