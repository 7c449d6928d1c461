"""From what scripts send to the form of a page."""

from collections.abc import Mapping, Sequence

from gatelodge.model.identifier import key_of
from gatelodge.oidc.page_source.api_name import COMBINED, api_name
from gatelodge.pages.catalogue import Identifier
from gatelodge.pages.form import Submitted
from gatelodge.pages.page import InputKind, Page

_IDENTIFIERS = ("signInName", "logonIdentifier", *(each.value for each in Identifier))
"""What the field that says who signs in is called in one script or another."""

_CODES = (
    *("emailVerificationCode", "verificationCode", "VerificationCode", "verification_code"),
    *("otpCode", "user_input"),
)
"""What a code is called in one script or another."""

_HIDDEN = "•"
"""Stands in what is settled without being shown: there is nothing to compare with."""


def pressing(page: Page, action: str, body: Submitted) -> Submitted:
    """Return the form of a page as if one of its buttons were pressed."""
    form = {name: values for name, values in body.items() if name not in {"action", "seal"}}
    fields = {each.id: each for each in page.all_fields}
    for name, field in fields.items():
        values = form.get(name, ())
        if field.kind is InputKind.CHECKBOXES and len(values) == 1:
            form[name] = values[0].split(",")
        if field.kind is InputKind.ONE_TIME_CODE and not values:
            form.update(_first(_CODES, form, name))
    if api_name(page.id) == COMBINED:
        for each in Identifier:
            if each.value in fields and each.value not in form:
                form.update(_first(_IDENTIFIERS, form, each.value))
    return {**form, "action": [action]}


def _first(names: Sequence[str], form: Submitted, name: str) -> Mapping[str, Sequence[str]]:
    """Return the first value there is under one of `names`, as that of `name`."""
    return next(({name: form[each]} for each in names if each in form), {})


def going_on(page: Page) -> str | None:
    """Return the action that leads past a page; None while its fields are not there yet."""
    return next((each.action for each in page.buttons if each.is_primary), None)


def offers(page: Page, action: str) -> bool:
    """Return whether a page has a button for an action."""
    return any(each.action == action for each in page.all_buttons)


def differs_from_settled(page: Page, body: Submitted) -> bool:
    """Return whether something else is sent for what the page holds as settled."""
    settled = (
        each
        for each in page.all_fields
        if not each.is_editable and each.value and _HIDDEN not in each.value
    )
    return any(
        key_of(value.strip()) != key_of(each.value)
        for each in settled
        for value in body.get(each.id, ())
    )


def claim_in(body: Submitted) -> Submitted:
    """Return the form of a request that names its one claim by `claim_id` and `claim_value`."""
    return {**body, "email": body.get("claim_value", ())}
