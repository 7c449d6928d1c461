"""Between the answers of a page and the attributes of an account."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gatelodge.model.account import Account
from gatelodge.model.attribute import AttributeAssignment, built_in
from gatelodge.model.user_flow import UserFlow

UNNAMED = "unknown"
"""What an account is called whose user flow asks for no display name (B2C does the same)."""

_MULTIPLE_SEPARATOR = ", "
"""How several ticked boxes are kept in an attribute that holds one text."""


def attributes_of(flow: UserFlow) -> tuple[str, ...]:
    """Return the ids of the attributes a user flow asks for or puts into tokens."""
    asked = (each.id for each in flow.attributes)
    return tuple(dict.fromkeys((*asked, *flow.application_claims)))


def with_collected(
    account: Account, flow: UserFlow, collected: Mapping[str, tuple[str, ...]]
) -> Account:
    """Return the account with what the user flow knows of; nothing else is taken.

    An answer left empty clears the attribute, except the display name, which an account keeps.
    """
    changes: dict[str, Any] = {}
    extensions = dict(account.extensions)
    for attribute_id in attributes_of(flow):
        attribute = built_in(attribute_id)
        answer = collected.get(attribute_id if attribute is None else attribute.id)
        if answer is None:
            continue
        text = _MULTIPLE_SEPARATOR.join(answer)
        if attribute is None:
            _set_extension(extensions, attribute_id, text)
        elif (
            attribute.is_collectable
            and attribute.account_attribute
            and (text or attribute.account_attribute != "display_name")
        ):
            changes[attribute.account_attribute] = text or None
    return replace(account, **changes, extensions=extensions)


def _set_extension(extensions: dict[str, object], attribute_id: str, text: str) -> None:
    if text:
        extensions[attribute_id] = text
    else:
        extensions.pop(attribute_id, None)


def current_value(account: Account, assignment: AttributeAssignment) -> tuple[str, ...]:
    """Return what is stored for an attribute, as a page shows it; empty when nothing is."""
    attribute = built_in(assignment.id)
    if attribute is None:
        stored = account.extensions.get(assignment.id)
    else:
        stored = (
            getattr(account, attribute.account_attribute) if attribute.account_attribute else None
        )
    is_unnamed = stored == UNNAMED and attribute is not None and attribute.id == "displayName"
    if stored is None or is_unnamed:
        return ()
    if assignment.user_attribute_values:
        return tuple(str(stored).split(_MULTIPLE_SEPARATOR))
    return (str(stored),)
