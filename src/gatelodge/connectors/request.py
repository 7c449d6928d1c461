"""What a connector is told: one flat JSON object, and nothing that is not its business."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from gatelodge.model.account import SignInName
from gatelodge.model.api_connector import ConnectorPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is known of the person: `attributes` by their ids, as far as the user flow has them.

    `object_id` is there once an account is. There is no place for a password, a code or a token.
    """

    client_id: str
    ui_locales: str
    email: str | None
    identities: tuple[SignInName, ...]
    attributes: Mapping[str, object]
    object_id: str | None = None


def request_body(point: ConnectorPoint, told: Told) -> bytes:
    """Return the body of the request; what has no value is left out."""
    body: dict[str, Any] = {
        **told.attributes,
        "email": told.email,
        "objectId": told.object_id,
        "identities": [
            {
                "signInType": str(each.sign_in_type),
                "issuer": each.issuer,
                "issuerAssignedId": each.issuer_assigned_id,
            }
            for each in told.identities
        ],
        "step": str(point),
        "client_id": told.client_id,
        "ui_locales": told.ui_locales,
    }
    return msgspec.json.encode({name: each for name, each in body.items() if not _is_empty(each)})


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], ())
