"""From a provider's claims to who the person is and what is known of them."""

from collections.abc import Mapping
from typing import Any

from gatelodge.federation.id_token import is_subject
from gatelodge.federation.trouble import NotIdentified, Trouble
from gatelodge.model.attribute import built_in
from gatelodge.model.email_address import parse_email_address
from gatelodge.model.identity_provider import ClaimsMapping

EMAIL = "email"
_ATTRIBUTES = {
    "displayName": "display_name",
    "givenName": "given_name",
    "surname": "surname",
    EMAIL: EMAIL,
}


def subject_of(claims: Mapping[str, Any], mapping: ClaimsMapping) -> str:
    """Return who the person is at the provider, byte for byte. Raises `NotIdentified`."""
    value = claims.get(mapping.user_id)
    # GitHub numbers people.
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not is_subject(text):
        raise NotIdentified(Trouble.NOTHING_SAID, f"no {mapping.user_id}")
    return str(text)


def attributes_of(claims: Mapping[str, Any], mapping: ClaimsMapping) -> Mapping[str, str]:
    """Return what is known of the person, by attribute; what does not fit is left out."""
    found: dict[str, str] = {}
    for attribute_id, name in _ATTRIBUTES.items():
        claim = getattr(mapping, name)
        value = None if claim is None else _text(attribute_id, claims.get(claim))
        if value:
            found[attribute_id] = value
    return found


def is_wanting(claims: Mapping[str, Any], mapping: ClaimsMapping) -> bool:
    """Return whether claims lack something that the mapping names."""
    named = (getattr(mapping, name) for name in _ATTRIBUTES.values())
    return any(claim is not None and claim not in claims for claim in named)


def _text(attribute_id: str, value: object) -> str | None:
    if not isinstance(value, str) or not value.isprintable():
        return None
    if attribute_id == EMAIL:
        return parse_email_address(value)
    known = built_in(attribute_id)
    text = value.strip()
    return text if known is not None and len(text) <= known.max_length else None
